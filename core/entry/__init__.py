"""Entry of orders by people and systems: drafts that are completed step by step, and templates."""
