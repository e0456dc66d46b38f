"""Documents and notices in words: templates as data, plain text, HTML pages, PDF."""
