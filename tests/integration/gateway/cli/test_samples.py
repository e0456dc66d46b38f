"""`papers samples` and `report intake-quality`: papers read once more, on a home and from elsewhere."""

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
from paper_orders import PaperOrder, mail
from served import Served, served

from core.clock import SystemClock
from core.store import open_store
from gateway.authentication import ApiKeys
from gateway.cli import main

Run = Callable[..., Any]

TYPED: dict[str, str | None] = {
    "partner": "ALPINA", "document_date": "2026-11-20", "requested_date": "2026-12-04", "currency": "EUR",
    "ship_to.name": "Alpina Lager Wien", "ship_to.street": None, "ship_to.postal_code": None, "ship_to.city": None,
    "lines.1.sku": "NL-1001", "lines.1.quantity": "24", "lines.1.unit": "PCE", "lines.1.price": "4.90",
    "lines.2.sku": "NL-1002", "lines.2.quantity": "40", "lines.2.unit": "PCE", "lines.2.price": "24.00",
}  # fmt: skip


@pytest.fixture(scope="module")
def house(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A home where all is drawn, with an order by PDF and one by table; it is served."""
    folder = tmp_path_factory.mktemp("samples")
    home = shutil.copytree(demo_home, folder / "home")
    (folder / "rules.toml").write_text('[papers]\nsample_percent = "100"\n')
    (folder / "a.eml").write_bytes(mail(("order.pdf", PaperOrder("PO-4801").pdf())))
    (folder / "b.csv").write_bytes(PaperOrder("PO-4802").table())
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["rules", "load", f"{folder}/rules.toml", "--reason", "first weeks", "--home", str(home)]) == 0
        files = [str(folder / name) for name in ("a.eml", "b.csv")]
        assert main(["ingest", "--channel", "MF", "--home", str(home), *files]) == 0
    with served(home) as serving:
        yield serving


@pytest.fixture
def typed(tmp_path: Path) -> Callable[..., Path]:
    """Write answers down."""

    def write(reference: str, **other: str) -> Path:
        path = tmp_path / "typed.json"
        path.write_text(json.dumps(TYPED | {"buyer_reference": reference} | other))
        return path

    return write


def sample_of(run: Run, house: Served, paper_class: str) -> str:
    (one,) = run("papers", "samples", "list", "--class", paper_class, "--home", house.home, "--json").json["items"]
    return str(one["id"])


def test_a_paper_is_looked_at_answered_and_settled_on_a_home(
    run: Run, house: Served, typed: Callable[..., Path], tmp_path: Path
) -> None:
    on = ("--home", house.home)
    sample = sample_of(run, house, "pdf")
    shown = run("papers", "samples", "show", sample, "--to", tmp_path / "look", *on)
    assert "lines.1.quantity" in shown.err
    assert "PO-4801" not in shown.out + shown.err
    assert (tmp_path / "look" / f"{sample}-1.png").read_bytes().startswith(b"\x89PNG")
    file = typed("PO-4801", **{"lines.1.quantity": "21"})
    told = run("papers", "samples", "answer", sample, file, "--as", "bea", *on)
    assert (told.code, told.out.splitlines()[1].split()) == (0, ["lines.1.quantity", "24", "21"])
    again = run("papers", "samples", "answer", sample, file, "--as", "bea", *on)
    assert (again.code, again.err.startswith("error[state.conflict]")) == (1, True)
    settle = ("papers", "samples", "settle", sample, "--wrong")
    assert run(*settle, "lines.1.quantity=reader", "--as", "bea", *on).err.startswith("error[auth.forbidden]")
    assert run(*settle, "lines.1.quantity=me", "--as", "carl", *on).code == 2
    done = run(*settle, "lines.1.quantity=reader", "--as", "carl", "--json", *on).json
    assert (done["state"], done["wrong"], done["settled_by"]) == ("done", 1, "carl")
    assert "lines.1.quantity is '21' and not '24'" in run("alerts", "list", *on).out


def test_a_paper_is_looked_at_and_answered_from_elsewhere(
    run: Run, house: Served, typed: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(f"sqlite:///{house.home}/ordergate.db")
    key = ApiKeys(store, SystemClock()).create("dora", ["read", "operate"], roles=["order_processor"]).token
    store.close()
    monkeypatch.setenv("ORDERGATE_KEY", key)
    there = ("--url", house.url)
    sample = sample_of(run, house, "table")
    assert run("papers", "samples", "show", sample, "--to", tmp_path, *there).code == 0
    assert (tmp_path / f"{sample}.txt").read_bytes().startswith(b"Order number;PO-4802")
    file = typed("PO-4802")
    refused = run("papers", "samples", "answer", sample, file, "--as", "bea", *there)
    assert refused.err.startswith("error[usage]: the key says who it is")
    file.write_text('{"lines.1.quantity": 24}')
    assert run("papers", "samples", "answer", sample, file, *there).err.startswith("error[usage]")
    told = run("papers", "samples", "answer", sample, typed("PO-4802"), "--json", *there).json
    assert (told["state"], told["answered_by"], told["wrong"]) == ("done", "dora", 0)
    settled = run("papers", "samples", "settle", sample, "--wrong", "currency=reader", *there)
    assert settled.err.startswith("error[auth.forbidden]"), "her role may not"


def test_the_report_says_of_how_many_and_what_is_not_measured(
    run: Run, house: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the two before: one field of the PDF was read wrong, none of the table."""
    told = run("report", "intake-quality", "--home", house.home)
    lines = {
        name.strip(): cells
        for name, *cells in (re.split(r"(?<=\S)  +|^  +(?=all)", line) for line in told.out.splitlines())
    }
    assert lines[""] == ["all", "pdf", "table"]
    assert lines["fields read wrong"][0].endswith("% (1 of 28)")
    assert "not measured (0)" in lines["doubts that were right"]
    monkeypatch.setenv("ORDERGATE_KEY", house.key)
    for form in (("--json",), ("--csv", "--by", "week"), ("--class", "table", "--partner", "BUERO")):
        there = run("report", "intake-quality", *form, "--url", house.url)
        assert there == run("report", "intake-quality", *form, "--home", house.home)
        assert there.code == 0
    assert run("report", "cycle-time", "--by", "week", "--home", house.home).code == 2
