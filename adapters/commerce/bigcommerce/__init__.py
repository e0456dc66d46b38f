"""BigCommerce: thin webhooks, orders fetched with their consignments, shipments and states by its API."""
