"""Stand-ins of the platforms' APIs: they keep orders, and refuse what the real ones refuse."""
