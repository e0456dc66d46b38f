"""``ordergate import``: orders of a file, each placed or refused, with what is wrong by row and column."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import orjson
import pytest
from workbooks import Day, workbook

from core.documents import Order
from core.store.changes import revisions_of
from core.store.orders import by_number
from gateway.cli.failures import main
from gateway.forms import read_form
from gateway.imports.desk import Sender
from gateway.wiring import Gateway, open_gateway

Json = dict[str, Any]
MAP = """
decimal = ","
date = "%d.%m.%Y"

[columns]
buyer_reference = "Order"
requested_date = "Delivery"
"ship_to.gln" = "Ship to"
"lines.gtin" = { column = "EAN", pad = 13 }
"lines.quantity" = "Qty"
"lines.price" = "Price"

[constants]
currency = "EUR"
"""
TITLES = ("Order", "Delivery", "Ship to", "EAN", "Qty", "Price")
BEARING, VIENNA = "4012345010015", "9009876000023"


@pytest.fixture
def home(home: Path) -> Path:
    (home.parent / "map.toml").write_text(MAP)
    return home


def csv_of(*rows: tuple[str, ...]) -> bytes:
    return "\n".join(";".join(row) for row in (TITLES, *rows)).encode()


def imported(home: Path, content: bytes, capsys: Any, *options: str, name: str = "orders.csv") -> tuple[int, Json]:
    file = home.parent / name
    file.write_bytes(content)
    columns = str(home.parent / "map.toml")
    capsys.readouterr()
    code = main(["import", str(file), "--home", str(home), "--map", columns, "--json", "--partner", "ALPINA", *options])
    return code, json.loads(capsys.readouterr().out)


def gateway_of(home: Path) -> Gateway:
    return open_gateway(home, "cli")


def canonical(gateway: Gateway, number: str) -> Json:
    document = gateway.store.read(lambda tx: revisions_of(tx, by_number(tx, number)["id"])[-1]["document"])
    return dict(orjson.loads(document))


def test_each_order_of_a_file_is_placed_or_refused_with_its_cells(home: Path, capsys: Any) -> None:
    content = csv_of(
        ("PO-1", "", VIENNA, BEARING, "10", "4,90"),
        ("PO-1", "", "", BEARING, "2", ""),
        ("PO-2", "", VIENNA, "4012345010016", "1", ""),
        ("PO-3", "31.02.2027", VIENNA, BEARING, "1.5", ""),
        ("PO-3", "", VIENNA, BEARING, "", ""),
    )
    code, report = imported(home, content, capsys)
    assert (code, report["placed"], report["refused"]) == (1, 1, 2)
    one, two, three = report["orders"]
    assert (one["rows"], one["status"], one["state"], one["number"][4:]) == (
        [2, 3],
        "placed",
        "confirmed",
        "-SR-000001",
    )
    assert [(fault["row"], fault["column"], fault["value"], fault["code"]) for fault in two["faults"]] == [
        (4, "EAN", "4012345010016", "gtin.check_digit")
    ]
    assert [(fault["row"], fault["column"], fault["value"], fault["code"]) for fault in three["faults"]] == [
        (5, "Delivery", "31.02.2027", "date.malformed"),
        (5, "Qty", "1.5", "number.malformed"),
        (6, "Qty", None, "missing"),
    ]


def test_a_file_again_adds_nothing_and_a_corrected_one_what_was_refused(home: Path, capsys: Any) -> None:
    good, bad = ("PO-1", "", VIENNA, BEARING, "10", ""), ("PO-2", "", VIENNA, BEARING, "0", "")
    _, first = imported(home, csv_of(good, bad), capsys)
    code, again = imported(home, csv_of(good, bad), capsys)
    assert (code, again) == (1, first)
    code, mended = imported(home, csv_of(good, (*bad[:4], "5", "")), capsys)
    assert (code, mended["orders"][0], mended["placed"]) == (0, first["orders"][0], 2)
    gateway = gateway_of(home)
    try:
        counted = gateway.reconcile()
    finally:
        gateway.close()
    assert (counted["accepted"], counted["duplicate"], counted["unexplained"]) == (2, 0, 0)


def test_a_dry_run_writes_nothing(home: Path, capsys: Any) -> None:
    code, report = imported(home, csv_of(("PO-1", "", VIENNA, BEARING, "10", "")), capsys, "--dry-run")
    (one,) = report["orders"]
    assert (code, one["status"], one["number"], one["state"]) == (0, "would be placed", None, "confirmed")
    gateway = gateway_of(home)
    try:
        assert gateway.reconcile()["documents"] == 0
    finally:
        gateway.close()


def test_keying_an_order_and_importing_a_file_give_the_same_order(home: Path, capsys: Any) -> None:
    """INT-09: by JSON, CSV and a workbook whose cells are numbers and days; and INT-10: one canonical form for all."""
    form = {
        "partner": "ALPINA", "buyer_reference": "PO-1", "currency": "EUR", "requested_date": "2027-01-29",
        "ship_to": {"gln": VIENNA}, "lines": [{"gtin": BEARING, "quantity": "10", "price": "4.90"}],
    }  # fmt: skip
    row = ("PO-2", "29.01.2027", VIENNA, BEARING, "10", "4,90")
    _, by_csv = imported(home, csv_of(row), capsys)
    cells = ("PO-3", Day(46416), VIENNA, float(BEARING), 10.0, 4.9)
    _, by_workbook = imported(home, workbook([TITLES, cells]), capsys, name="orders.xlsx")
    gateway = gateway_of(home)
    try:
        order = read_form(form).order
        assert isinstance(order, Order)
        keyed = gateway.operations.place_order(orjson.dumps(form), order, partner="ALPINA", actor="kim")
        numbers = [keyed["number"], *(report["orders"][0]["number"] for report in (by_csv, by_workbook))]
        forms = [canonical(gateway, number) for number in numbers]
    finally:
        gateway.close()
    assert [one.pop("buyer_reference") for one in forms] == ["PO-1", "PO-2", "PO-3"]
    assert forms[0] == forms[1] == forms[2]
    assert forms[0]["lines"] == [{"line": 1, "gtin": BEARING, "quantity": "10", "price": "4.9"}]


def test_a_person_is_told_by_row_and_column(home: Path, capsys: Any) -> None:
    file = home.parent / "orders.csv"
    file.write_bytes(csv_of(("PO-1", "", VIENNA, BEARING, "ten", "")))
    columns = str(home.parent / "map.toml")
    assert main(["import", str(file), "--home", str(home), "--map", columns, "--partner", "ALPINA"]) == 1
    told = capsys.readouterr()
    assert "row 2, Qty (ten): not a number such as 1234,5 [number.malformed]" in told.err
    assert "0 of 1 orders taken" in told.err
    assert "PO-1" in told.out


@pytest.mark.parametrize(
    ("content", "columns", "code"),
    [
        (b"", MAP, "import.unreadable"),
        (b"Order;Qty\nA;1", MAP, "import.unreadable"),
        (csv_of(), "[columns]\nbuyer = 1", "import.map_invalid"),
        (csv_of(), "columns", "import.map_invalid"),
        (None, MAP, "import.unreadable"),
    ],
)
def test_what_cannot_be_used_ends_with_2(
    home: Path, capsys: Any, content: bytes | None, columns: str, code: str
) -> None:
    file, plan = home.parent / "orders.csv", home.parent / "map.toml"
    if content is not None:
        file.write_bytes(content)
    plan.write_text(columns)
    assert main(["import", str(file), "--home", str(home), "--map", str(plan), "--partner", "ALPINA"]) == 2
    assert f"error[{code}]" in capsys.readouterr().err


def test_files_that_the_service_places_are_listed(home: Path, capsys: Any) -> None:
    gateway = gateway_of(home)
    try:
        desk, content = gateway.operations.import_desk, csv_of(("PO-1", "", VIENNA, BEARING, "ten", ""))
        writer = desk.writer()
        writer.write(content)
        kept = (writer.keep(), len(content))
        made, _ = desk.create(kept, "monday.csv", tomllib.loads(MAP), Sender("kim", partner="ALPINA"))
        while gateway.imports.run_due():
            pass
    finally:
        gateway.close()
    capsys.readouterr()
    assert main(["imports", "--home", str(home), "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["items"]
    assert (one["id"], one["filename"], one["state"], one["orders"]["refused"]) == (
        made["id"], "monday.csv", "done", 1,
    )  # fmt: skip
    assert main(["imports", made["id"], "--home", str(home)]) == 0
    assert "E2: not a number such as 1234,5 [number.malformed]" in capsys.readouterr().out


@pytest.mark.parametrize("partner", ["NOBODY", None])
def test_an_order_of_nobody_is_refused(home: Path, capsys: Any, partner: str | None) -> None:
    file = home.parent / "orders.csv"
    file.write_bytes(csv_of(("PO-1", "", VIENNA, BEARING, "1", "")))
    given = ["--partner", partner] if partner else []
    columns = str(home.parent / "map.toml")
    assert main(["import", str(file), "--home", str(home), "--map", columns, *given]) == 1
    assert "row 2" in capsys.readouterr().err
