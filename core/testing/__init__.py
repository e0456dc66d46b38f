"""Fakes and exercisers of the ports, shipped so that third-party adapters are tested against the same."""
