"""Papers read again by what is known of their customer: codes of the catalogue, forms of numbers, places."""
