"""The clients of the web benchmark in a process of their own, so that they do not take turns with the server.

``orders URL KEYS PARTNER FIRST COUNT`` posts orders from as many keep-alive connections as there are keys and prints
the milliseconds of each; ``floor URL CONNECTIONS COUNT BODY`` posts the same to the minimal handler; ``listen URL KEYS
PARTNER FIRST COUNT LISTENERS`` prints the milliseconds from an order being sent to its confirmation being heard.
"""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from typing import Any

import aiohttp

#: between two orders of the measurement of lag: a stream that is busy, not one that is full
PAUSE = 0.1


def order(partner: str, number: int) -> dict[str, Any]:
    return {
        "partner": partner,
        "buyer_reference": f"WEB{number:08d}",
        "lines": [{"sku": f"SA-{1 + (number * 31 + line * 17) % 1000:06d}", "quantity": "3"} for line in range(10)],
    }


async def post_all(url: str, connections: int, bodies: list[bytes], keys: list[str]) -> dict[str, Any]:
    """Post every body over *connections* that stay open; return the time of each and of all."""
    waiting, times, states = iter(bodies), [], []

    async def client(session: aiohttp.ClientSession, place: int) -> None:
        headers = {"Content-Type": "application/json"}
        if keys:
            headers["Authorization"] = f"Bearer {keys[place]}"
        for body in waiting:
            started = time.perf_counter()
            async with session.post(url, data=body, headers=headers) as answer:
                content = await answer.read()
                times.append((time.perf_counter() - started) * 1000)
                assert answer.status in (200, 201), content
                states.append(json.loads(content).get("state", ""))

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as session:
        started = time.perf_counter()
        await asyncio.gather(*(client(session, place) for place in range(connections)))
        seconds = time.perf_counter() - started
    return {"times": times, "seconds": seconds, "states": sorted(set(states))}


async def listen(url: str, keys: list[str], bodies: list[bytes], listeners: int) -> dict[str, Any]:
    """Return the lag of every listener for every order, from before the request to the event in hand."""
    sent: dict[str, float] = {}
    heard: list[tuple[str, float]] = []
    ready = asyncio.Semaphore(0)
    done = asyncio.Event()

    async def listener(session: aiohttp.ClientSession, place: int) -> None:
        headers = {"Authorization": f"Bearer {keys[place % len(keys)]}"}
        async with session.get(f"{url}/api/v1/events", headers=headers) as stream:
            assert stream.status == 200, stream.status
            async for line in stream.content:
                if line.startswith(b"retry:"):
                    ready.release()
                if line.startswith(b"data:") and b'"order.confirmed"' in line:
                    heard.append((json.loads(line[5:])["number"], time.perf_counter()))
                    if len(heard) == listeners * len(bodies):
                        done.set()

    timeout = aiohttp.ClientTimeout(total=None)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, read_bufsize=1 << 20) as session:
        tasks = [asyncio.create_task(listener(session, place)) for place in range(listeners)]
        for _ in tasks:
            await ready.acquire()
        await asyncio.sleep(0.5)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {keys[0]}"}
        for body in bodies:
            started = time.perf_counter()
            async with session.post(f"{url}/api/v1/orders", data=body, headers=headers) as answer:
                told = json.loads(await answer.read())
                assert answer.status == 201, told
                sent[told["number"]] = started
            await asyncio.sleep(PAUSE)
        async with asyncio.timeout(30):
            await done.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return {"lags": [(at - sent[number]) * 1000 for number, at in heard], "listeners": listeners}


def main(what: str, url: str, *rest: str) -> None:
    if what == "floor":
        connections, count = int(rest[0]), int(rest[1])
        bodies = [json.dumps(order("FLOOR", number)).encode() for number in range(count)]
        answer = asyncio.run(post_all(url, connections, bodies, []))
    else:
        keys, partner, first, count = rest[0].split(","), rest[1], int(rest[2]), int(rest[3])
        bodies = [json.dumps(order(partner, number)).encode() for number in range(first, first + count)]
        if what == "orders":
            answer = asyncio.run(post_all(f"{url}/api/v1/orders", len(keys), bodies, keys))
        else:
            answer = asyncio.run(listen(url, keys, bodies, int(rest[4])))
    json.dump({**answer, "at": datetime.now(UTC).isoformat()}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
