"""E-commerce platforms: their signatures, their payloads, and what they are told of an order. All of it is pure."""
