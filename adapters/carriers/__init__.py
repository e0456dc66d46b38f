"""Carriers: one folder each, with a pure codec, a thin wire and one ``ADAPTER`` object in its ``adapter`` module."""
