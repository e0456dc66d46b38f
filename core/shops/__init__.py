"""Orders of e-commerce stores: deliveries kept and worked on, each order brought to what the shop last said of it."""
