"""Reads the mails and faxes of a home until nothing is left, or until it kills itself at its n-th durable step."""

import sys
from pathlib import Path

from dies_at_step import Fuse

from core.store.blobs import BlobStore
from core.store.engine import Store
from gateway.paper.reader import PaperReader
from gateway.wiring import open_gateway

gateway = open_gateway(Path(sys.argv[1]), "serve")
fuse = Fuse(int(sys.argv[2]))
for owner, name in ((Store, "write"), (BlobStore, "put"), (PaperReader, "read")):
    fuse.around(owner, name)
while gateway.papers.run_due():
    pass
gateway.close()
