"""Partners and their agreements: identity, how they are answered, tolerances, credit terms."""
