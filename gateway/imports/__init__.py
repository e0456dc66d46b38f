"""Orders of files: tables are read, their rows staged, and their orders placed in the background."""
