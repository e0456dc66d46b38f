"""Notices to people: what a partner or our own staff is told, on which channel, in which words, and whether it was seen."""
