"""Shopify: orders and refunds by webhook, fulfilments and cancellations by the GraphQL Admin API."""
