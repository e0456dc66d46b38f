"""Whoever signs by Standard Webhooks and sends orders in the fields that this product documents."""
