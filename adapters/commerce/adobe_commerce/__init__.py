"""Adobe Commerce: orders by webhook or event; shipments, comments and cancellations by its REST API."""
