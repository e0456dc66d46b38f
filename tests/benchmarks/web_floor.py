"""The ceiling of the web benchmark: an aiohttp handler that reads JSON, makes one durable INSERT and answers.

It stands for what is left when all work on an order is taken away: HTTP, JSON, one commit (WAL, synchronous=FULL).
"""

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
from aiohttp import web


def build(file: Path) -> web.Application:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, reference TEXT, body BLOB)")
    writer = ThreadPoolExecutor(1)

    def insert(reference: str, body: bytes) -> int | None:
        return connection.execute("INSERT INTO orders (reference, body) VALUES (?, ?)", (reference, body)).lastrowid

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        reference = orjson.loads(body)["buyer_reference"]
        number = await asyncio.get_running_loop().run_in_executor(writer, insert, reference, body)
        return web.Response(body=orjson.dumps({"number": number}), content_type="application/json")

    app = web.Application()
    app.router.add_post("/orders", take)
    return app


async def main(file: Path) -> None:
    runner = web.AppRunner(build(file), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}/orders\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
