"""E-commerce stores at the border: webhooks in, orders fetched, news written back."""
