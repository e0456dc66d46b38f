"""The ceiling of webhooks: an aiohttp handler that does nothing but one durable INSERT of the body."""

import sqlite3
import sys

from aiohttp import web


def main(path: str, port: int) -> None:
    """Serve until killed."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")

    async def keep(request: web.Request) -> web.Response:
        connection.execute("INSERT INTO kept (body) VALUES (?)", (await request.read(),))
        return web.Response(status=202)

    app = web.Application()
    app.router.add_post("/hooks/{platform}/{store}", keep)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
