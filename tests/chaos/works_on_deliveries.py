"""Works on the deliveries of shops in a home until nothing is left, or until somebody kills it."""

import sys
from pathlib import Path

from gateway.wiring import open_gateway

gateway = open_gateway(Path(sys.argv[1]), "serve")
while gateway.shops.run_due(most=1):
    pass
gateway.close()
