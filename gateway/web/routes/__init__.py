"""One module a subject; each has a ``routes`` contract that ``gateway.web.app`` collects."""
