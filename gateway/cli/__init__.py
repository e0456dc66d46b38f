"""The command line, ``ordergate``. Standard output carries the result alone; everything else goes to standard error."""

from gateway.cli.commands import app
from gateway.cli.failures import main

__all__ = ["app", "main"]
