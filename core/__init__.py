"""The headless order-management core: rooms by capability, no transport, no adapter."""
