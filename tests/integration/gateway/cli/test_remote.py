"""Commands on a gateway elsewhere say what they say on its home (issue 5 part 1: our CLI for remote homes)."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from served import Served, served

from core.clock import SystemClock
from core.store import open_store
from gateway.authentication import ApiKeys
from gateway.cli import main
from gateway.client import Ordergate
from gateway.client.shapes import SubscriptionChange, SubscriptionRequest

Run = Callable[..., Any]

MAP = """
[columns]
buyer_reference = "Order"
"lines.sku" = "Item"
"lines.quantity" = "Qty"
"lines.price" = "Price"

[constants]
currency = "EUR"
"""
ROWS = "Order,Item,Qty,Price\nPO-1,NL-1001,10,4.90\nPO-2,NL-1001,2,9.90\nPO-3,NL-9999,0,1.00\n"
#: commands that read
READING = [
    "orders --limit 1", "orders --state in_review --q PO-2", "order {held}", "trace {held}", "links list {held}",
    "queue", "tasks list", "papers list", "papers memory", "papers samples list",
    "report intake-quality",
    "approvals list", "documents --direction in", "alerts list", "shops deliveries", "shops news", "reconcile",
    "report channel-mix --from 2026-01-01 --to 2026-01-31", "audit verify", "numbering proof {year} SR", "keys list",
    "subscriptions list", "subscriptions deliveries {subscription}",
]  # fmt: skip
#: and what is refused: the same line, the same exit code
REFUSED = [
    ("trace 2026-XX-000009", "error[not_found]"),
    ("orders --cursor no-cursor", "error["),
    ("release 2026-XX-000009 --reason x", "error[not_found]"),
    ("report channel-mix --from 2026-02-01 --to 2026-01-01", "error["),
    ("shops retell 999 --reason x", "error[not_found]"),
    ("links revoke 2026-XX-000009 --reason x", "error[not_found]"),
    ("alerts close 999 --reason x", "error[not_found]"),
    ("tasks done 999 --reason x", "error[not_found]"),
    ("papers show 999", "error[not_found]"),
    ("papers samples show 999", "error[not_found]"),
    ("papers samples settle 999 --wrong currency=reader", "error[not_found]"),
    ("papers revoke 999 --reason x", "error[not_found]"),
    ("subscriptions deliveries 999", "error[not_found]"),
    ("subscriptions retry 999", "error[not_found]"),
    ("replay 999", "error[not_found]"),
    ("resend 999", "error[not_found]"),
    ("keys revoke abcdefghij", "error[not_found]"),
]


@pytest.fixture(scope="module")
def elsewhere(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("elsewhere")
    home = shutil.copytree(demo_home, folder / "home")
    (folder / "map.toml").write_text(MAP)
    (folder / "orders.csv").write_text(ROWS)
    with served(home) as serving:
        yield serving


@pytest.fixture
def there(elsewhere: Served, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How a command names the gateway; its key comes from the environment."""
    monkeypatch.setenv("ORDERGATE_KEY", elsewhere.key)
    return ["--url", elsewhere.url]


@pytest.fixture(scope="module")
def imported(elsewhere: Served) -> Any:
    """What became of the orders of a file: the first is fine, the second held, the third refused."""
    folder, said = elsewhere.home.parent, io.StringIO()
    given = ["import", f"{folder}/orders.csv", "--map", f"{folder}/map.toml", "--partner", "ALPINA", "--json"]
    with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(said):
        patched.setenv("ORDERGATE_KEY", elsewhere.key)
        assert main([*given, "--url", elsewhere.url]) == 1
    return json.loads(said.getvalue())


@pytest.fixture(scope="module")
def held(imported: Any) -> str:
    return str(imported["orders"][1]["number"])


@pytest.fixture(scope="module")
def subscription(elsewhere: Served) -> str:
    """A subscription that pauses."""
    wanted = SubscriptionRequest(name="erp", url="https://erp.example.com/hooks", events=["order.confirmed"])
    with Ordergate(elsewhere.url, elsewhere.key) as client:
        made = client.subscribe(wanted)
        client.change_subscription(made.id, SubscriptionChange(state="paused"), if_match=str(made.etag))
    return made.id


def test_what_a_file_would_become_is_told_as_on_the_home(run: Run, elsewhere: Served, there: list[str]) -> None:
    folder = elsewhere.home.parent
    given = ("import", folder / "orders.csv", "--map", folder / "map.toml", "--partner", "ALPINA", "--dry-run")
    told = run(*given, *there)
    assert told == run(*given, "--home", elsewhere.home)
    assert told.code == 1


def test_a_file_is_imported_as_on_the_home(imported: Any) -> None:
    assert [(one["status"], one["holds"]) for one in imported["orders"]] == [
        ("placed", []),
        ("placed", ["price.mismatch"]),
        ("refused", []),
    ]
    assert imported["orders"][2]["faults"]


@pytest.fixture(scope="module")
def known(held: str, subscription: str) -> dict[str, str]:
    """What commands name."""
    return {"held": held, "year": held[:4], "subscription": subscription}


@pytest.mark.parametrize("command", READING)
def test_the_output_is_that_of_the_home(
    run: Run, elsewhere: Served, there: list[str], known: dict[str, str], command: str
) -> None:
    words = command.format_map(known).split()
    for form in ([], ["--json"]):
        for _ in range(20):  # the gateway works on meanwhile: what changed between the two is looked at again
            told, here = run(*words, *form, *there), run(*words, *form, "--home", elsewhere.home)
            if told == here:
                break
        assert told == here
        assert told.out or told.err


@pytest.mark.parametrize(("command", "told"), REFUSED)
def test_a_refusal_is_that_of_the_home(run: Run, elsewhere: Served, there: list[str], command: str, told: str) -> None:
    here = run(*command.split(), "--home", elsewhere.home)
    refused = run(*command.split(), *there)
    assert (refused.code, refused.out) == (here.code, here.out) == (2, "")
    assert refused.err.startswith(told)
    assert re.match(r"error\[[\w.]+\]", refused.err)[0] == re.match(r"error\[[\w.]+\]", here.err)[0]  # type: ignore[index]


def test_a_hold_is_released(run: Run, there: list[str], held: str) -> None:
    done = run("release", held, "--reason", "agreed by phone", *there)
    assert (done.code, done.out) == (0, f"{held}: confirmed\n")
    again = run("release", held, "--reason", "again", *there)
    assert again.code in (0, 1)
    assert "agreed by phone" in run("trace", held, *there).out


def test_many_orders_are_listed_though_the_api_gives_few_at_once(
    run: Run, there: list[str], held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def numbers(*asked: str) -> tuple[list[str], str | None]:
        page = run("orders", "--json", *asked, *there).json  # numbers alone: the gateway works on the orders meanwhile
        return [one["number"] for one in page["items"]], page["next"]

    whole, _ = numbers()
    monkeypatch.setattr("gateway.cli.remote_house._PAGE", 1)
    assert numbers("--limit", "1000") == (whole, None)
    part, following = numbers("--limit", "1")
    assert following is not None
    assert [*part, *numbers("--cursor", following)[0]] == whole
    assert held in whole


def test_a_document_is_judged_again_and_sent_again(run: Run, elsewhere: Served, there: list[str], held: str) -> None:
    document = run("order", held, "--json", *there).json["documents"][0]["id"]
    judged = run("replay", document, *there)
    assert document in judged.out + judged.err
    assert judged == run("replay", document, "--home", elsewhere.home)
    refused = run("resend", document, *there)
    assert refused.code != 0
    assert refused == run("resend", document, "--home", elsewhere.home)


def test_a_key_is_revoked_and_is_of_no_use_then(
    run: Run, elsewhere: Served, there: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(f"sqlite:///{elsewhere.home / 'ordergate.db'}")
    made = ApiKeys(store, SystemClock()).create("reader", ["read"])
    store.close()
    file = tmp_path / "key"
    file.write_text(f"{made.token}\n")
    with_file = ["--key-file", file, *there]
    assert run("orders", *with_file).code == 0
    forbidden = run("keys", "list", *with_file)
    assert (forbidden.code, forbidden.err.startswith("error[auth.forbidden]")) == (1, True)
    assert run("keys", "revoke", made.prefix, *there).out == f"{made.prefix} revoked\n"
    refused = run("orders", *with_file)
    assert (refused.code, refused.err.startswith("error[auth.required]")) == (1, True)
    examined = run("doctor", *with_file)
    assert examined.code == 1
    assert "key" in examined.out
    assert made.token not in refused.err + examined.out + examined.err


def test_doctor_tells_that_it_is_ready_and_takes_the_key(run: Run, there: list[str]) -> None:
    examined = run("doctor", "--json", *there)
    assert examined.code == 0
    assert [(check["check"], check["state"]) for check in examined.json["checks"]] == [("gateway", "ok"), ("key", "ok")]


def test_who_decides_is_whose_the_key_is(run: Run, elsewhere: Served, there: list[str]) -> None:
    said = ("approvals", "decide", 1, "approve", "--reason", "r")
    assert run(*said, "--as", "sam", *there).err.startswith("error[usage]: the key says who it is")
    assert run(*said, "--home", elsewhere.home).err.startswith("error[usage]: Missing option '--as'")
    assert run(*said, *there).err.startswith("error[not_found]")


@pytest.mark.parametrize("command", ["serve", "worker", "load x.toml", "keys create", "db upgrade", "rules show"])
def test_a_command_of_the_home_alone_says_so(run: Run, there: list[str], command: str) -> None:
    refused = run(*command.split(), *there)
    assert refused.code == 2
    assert refused.err.startswith("error[home.needed]: The command works on the machine of its home alone.\nhint: ")


class TestWhich:
    """Which gateway a command means."""

    def test_what_is_said_counts_before_the_environment(
        self, run: Run, elsewhere: Served, there: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("ORDERGATE_HOME", str(tmp_path / "nowhere"))
        assert run("orders", *there).code == 0
        monkeypatch.setenv("ORDERGATE_HOME", "")
        monkeypatch.setenv("ORDERGATE_URL", "http://127.0.0.1:1")
        assert run("orders", "--home", elsewhere.home).code == 0
        monkeypatch.setenv("ORDERGATE_URL", elsewhere.url)
        assert run("orders").code == 0

    def test_two_are_refused_and_none(self, run: Run, there: list[str], tmp_path: Path) -> None:
        assert run("orders", "--home", tmp_path, *there).err.startswith(
            "error[usage]: --home and --url are two gateways"
        )
        assert run("orders").err.startswith("error[usage]: Missing option '--home' or '--url'")

    def test_without_a_key_or_over_plain_http(
        self, run: Run, there: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refused = run("orders", "--url", "http://orders.example.com")
        assert (refused.code, "use https" in refused.err) == (2, True)
        monkeypatch.delenv("ORDERGATE_KEY")
        refused = run("orders", *there)
        assert (refused.code, "ORDERGATE_KEY" in refused.err) == (2, True)

    def test_nobody_there_is_the_systems_failure(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ORDERGATE_KEY", "og_key")
        refused = run("reconcile", "--url", "http://127.0.0.1:1")
        assert refused.code == 3
        assert refused.err.startswith("error[gateway.unreachable]: http://127.0.0.1:1 does not answer")
