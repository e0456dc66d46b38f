"""Readers of files that have words of their own: PDF, workbooks, tables of text, HTML and plain text."""
