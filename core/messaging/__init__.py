"""What we tell partners: acknowledgements, order responses, and what happens when theirs come back."""
