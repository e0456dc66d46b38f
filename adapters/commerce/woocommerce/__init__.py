"""WooCommerce: orders by webhook; status, notes and tracking by its REST API."""
