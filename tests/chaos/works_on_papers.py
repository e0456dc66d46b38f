"""Reads the mails and faxes of a home and asks their senders, until nothing is left or it kills itself at a step."""

import sys
from pathlib import Path

from dies_at_step import Fuse

from core.store.blobs import BlobStore
from core.store.engine import Store
from gateway.paper.reader import PaperReader
from gateway.transports.routing import ShelfSender
from gateway.wiring import open_gateway

gateway = open_gateway(Path(sys.argv[1]), "serve")
fuse = Fuse(int(sys.argv[2]))
for owner, name in ((Store, "write"), (BlobStore, "put"), (PaperReader, "read"), (ShelfSender, "send")):
    fuse.around(owner, name)
while gateway.papers.run_due():
    pass
while gateway.timers.run_due() + gateway.dispatcher.run_once():
    pass
gateway.close()
