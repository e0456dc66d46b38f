"""Codecs and outside parties: every adapter translates; none of them queries the store."""
