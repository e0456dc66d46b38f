"""Works on the imports of a home until nothing is left, or until somebody kills it."""

import sys
from pathlib import Path

from gateway.wiring import open_gateway

gateway = open_gateway(Path(sys.argv[1]), "serve")
while gateway.imports.run_due():
    pass
gateway.close()
