"""``ordergate shops news | retell``: what shops were told, and what is told again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from shop_house import queued_news
from sqlalchemy import update

from core.clock import SystemClock
from core.store import open_store
from core.store.tables.shops import shop_news
from gateway.paths import find_home

Run = Callable[..., Any]


def test_news_are_listed_and_told_again(run: Run, home: Path) -> None:
    assert run("shops", "news", "--home", home).err == "No shop was to be told anything.\n"
    with closing(open_store(f"sqlite:///{find_home(home).root / 'ordergate.db'}")) as store:
        numbers = queued_news(store, SystemClock().now(), 2)
        dead = update(shop_news).values(state="dead", attempts=4, last_error="answered 404: Not Found")
        store.write(lambda tx: tx.execute(dead))
    told = run("shops", "news", "--home", home)
    assert told.code == 0
    assert "shopify/main" in told.out
    assert "answered 404: Not Found" in told.out
    first, second = run("shops", "news", "--home", home, "--state", "dead", "--json").json["items"]
    assert [first["order"], second["order"]] == numbers[::-1]
    again = run("shops", "retell", first["id"], "--reason", "the token is new", "--home", home)
    assert (again.code, again.out) == (0, f"confirmed of {first['order']} is told again to shopify/main.\n")
    twice = run("shops", "retell", first["id"], "--reason", "once more", "--home", home)
    assert twice.code != 0
    assert "are queued" in twice.err
    assert run("shops", "news", "--home", home, "--limit", "1").err.startswith("more: --cursor ")
    assert len(run("shops", "news", "--home", home, "--order", numbers[0], "--json").json["items"]) == 1
