"""Reads standard input as a file with too much in it, telling the id of the process that does so; killed meanwhile."""

import sys
import threading

from gateway.paper.reader import PaperReader
from gateway.settings import PaperSettings

reader = PaperReader(PaperSettings())
content = sys.stdin.buffer.read()
reader.read(b"Hello", "first.txt")
sys.stdout.write(f"{reader.pid}\n")
sys.stdout.flush()
threading.Thread(target=reader.read, args=(content, "endless.pdf"), daemon=True).start()
threading.Event().wait()
