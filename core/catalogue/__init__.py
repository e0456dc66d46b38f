"""Items and prices: which item a line means, and what we ask for it."""
