"""``shops deliveries | retry | check`` on a home with one store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.clock import SystemClock
from core.store import shops as rows
from core.store.shops import Delivered
from gateway.cli.commands import app
from gateway.home import init
from gateway.master_data import load
from gateway.wiring import open_gateway

STORES = [{"platform": "shopify", "store": "example", "partner": "ALPINA", "secret_env": "SHOP_SECRET"}]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose store delivered what is no order, and could not be read."""
    root = tmp_path / "home"
    init(root, SystemClock(), demo=True)
    gateway = open_gateway(root, "cli")
    load(gateway.store, gateway.home, gateway.settings, gateway.clock, {"stores": STORES}, where="stores.toml")
    one = Delivered("shopify", "example", "d-1", "orders/create", b'{"id": 5}', None, gateway.clock.now())
    gateway.store.write(lambda tx: rows.keep(tx, [one]))
    gateway.shops.run_due()
    gateway.close()
    return root


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["shops", *arguments])
    return done.exit_code, done.stdout


def test_deliveries_are_listed_and_tried_again(home: Path) -> None:
    code, out = run("deliveries", "--home", str(home), "--json")
    (one,) = json.loads(out)["items"]
    assert (code, one["state"], one["problem"]["code"]) == (0, "failed", "shop.value_missing")
    code, out = run("deliveries", "--home", str(home))
    assert (code, "shopify/example" in out, "orders/create" in out) == (0, True, True)
    code, out = run("retry", one["id"], "--home", str(home), "--reason", "mended", "--json")
    assert (code, json.loads(out)["state"]) == (1, "failed")


def test_a_store_is_checked_with_the_secret_of_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out = run("check", "--home", str(home), "--json")
    (one,) = json.loads(out)["items"]
    assert (code, one["path"]) == (1, "/hooks/shopify/example")
    assert one["faults"][0].startswith("SHOP_SECRET is not set")
    monkeypatch.setenv("SHOP_SECRET", "short")
    assert run("check", "--home", str(home))[0] == 1
    monkeypatch.setenv("SHOP_SECRET", "a secret of 16 characters or more")
    code, out = run("check", "--home", str(home))
    assert (code, "ok" in out) == (0, True)
