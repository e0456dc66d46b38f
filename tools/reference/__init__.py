"""The pages of docs/reference, one subject a file; ``tools/make_reference.py`` writes them."""
