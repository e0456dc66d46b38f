"""Customers: their grades by trade, what they say of orders, and what is known of them."""
