"""``ordergate load``: whole rows, the last one wins, nothing of a wrong file, stock as a count."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.clock import to_micros
from core.errors import MasterDataInvalid
from core.partners.model import Partner
from core.store import Store
from core.store.lookup import MasterCache, partner_by_id
from core.store.master import master_version, partner_codes
from core.store.orders import commit_credit
from core.store.tables import master as tables
from core.store.tables.pricing import prices
from core.values import gs1_check_digit
from gateway import master_data
from gateway.paths import Home
from gateway.settings import SandboxSettings, Settings

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
COMPANY = (
    '[company]\nname = "Us"\ngln = "4012345000009"\ngs1_prefix = "4012345"\ncountry = "DE"\n'
    'timezone = "UTC"\ncurrency = "EUR"\n'
)
BASE = COMPANY + (
    '[[partners]]\ncode = "ALPINA"\nname = "Alpina"\ngrade = "A"\n'
    '[[partners.edi]]\nid = "9009876000016"\n'
    '[[partners.addresses]]\nrole = "DP"\ngln = "9009876000023"\nname = "Wien"\ncountry = "AT"\n'
    '[[items]]\nsku = "S1"\ndescription = "One"\n'
    '[[warehouses]]\ncode = "MAIN"\nname = "Main"\ncountry = "DE"\n'
    '[[stock]]\nsku = "S1"\nwarehouse = "MAIN"\non_hand = "100"\n'
)


class FixedClock:
    def now(self) -> datetime:
        return NOW


class Desk:
    """A database without rows and an empty home."""

    def __init__(self, url: str, root: Path) -> None:
        self.store: Store = Store(url)
        self.home = Home(root)

    def load(self, text: str, *, sandbox: bool = True) -> dict[str, int]:
        settings = Settings(sandbox=SandboxSettings(enabled=sandbox))
        return master_data.load(self.store, self.home, settings, FixedClock(), tomllib.loads(text), where="master.toml")

    def partner(self, code: str) -> Partner:
        return self.store.read(lambda tx: partner_by_id(tx, MasterCache(), partner_codes(tx)[code]))

    def refused(self, text: str, *, sandbox: bool = True) -> list[str]:
        with pytest.raises(MasterDataInvalid) as refusal:
            self.load(text, sandbox=sandbox)
        problems = refusal.value.inputs["problems"]
        assert isinstance(problems, list)
        return problems

    def rows(self, statement: Any) -> list[Any]:
        return self.store.read(lambda tx: list(tx.execute(statement)))

    def one(self, statement: Any) -> Any:
        (row,) = self.rows(statement)
        return row


@pytest.fixture
def desk(prepared_url: str, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(prepared_url, tmp_path / "home")
    yield opened
    opened.store.close()


def test_a_file_fills_the_tables_and_the_folders(desk: Desk) -> None:
    counts = desk.load(BASE)
    assert counts["partners"] == counts["items"] == counts["stock"] == counts["company"] == 1
    partner = desk.one(select(tables.partners))
    assert (partner.code, partner.grade, partner.fulfilment) == ("ALPINA", "A", "manual")
    assert desk.one(select(tables.partner_edi.c.partner_id, tables.partner_edi.c.our_id)) == (
        partner.id,
        "4012345000009",
    )
    assert desk.one(select(tables.credit_accounts.c.committed)) == (Decimal(0),)
    root = desk.home.folder("ALPINA").root
    assert sorted(path.name for path in root.iterdir()) == ["done", "error", "in", "out", "work"]


def test_loading_again_changes_nothing_but_the_version(desk: Desk) -> None:
    desk.load(BASE)
    before = desk.one(select(tables.partners.c.id))
    desk.load(BASE)
    assert desk.one(select(tables.partners.c.id)) == before
    assert desk.store.read(master_version) == 2
    assert desk.one(select(func.count()).select_from(tables.stock_moves)) == (1,)


def test_the_last_one_wins_with_whole_rows(desk: Desk) -> None:
    desk.load(BASE)
    desk.load('[[partners]]\ncode = "ALPINA"\nname = "Alpina Neu"\n[[partners]]\ncode = "ALPINA"\nname = "Letzte"\n')
    partner = desk.one(select(tables.partners))
    assert (partner.name, partner.grade) == ("Letzte", None)
    assert desk.rows(select(tables.partner_edi)) == []
    assert desk.rows(select(tables.addresses)) == []


def test_stock_is_a_count_posted_to_the_ledger(desk: Desk) -> None:
    """Invariant 3: the sum of the ledger is what is on hand."""
    desk.load(BASE)
    desk.load('[[stock]]\nsku = "S1"\nwarehouse = "MAIN"\non_hand = "97.5"\n')
    supply = 'inbound = [{ quantity = "5", date = "2026-12-01" }]'
    desk.load(f'[[stock]]\nsku = "S1"\nwarehouse = "MAIN"\n{supply}\n')
    balance = desk.one(select(tables.stock.c.on_hand, tables.stock.c.reserved, tables.stock.c.inbound))
    assert balance == (Decimal("97.5"), Decimal(0), [{"date": "2026-12-01", "quantity": "5"}])
    moves = desk.rows(select(tables.stock_moves).order_by(tables.stock_moves.c.id))
    assert [(move.kind, move.quantity, move.at) for move in moves] == [
        ("count", Decimal(100), to_micros(NOW)),
        ("count", Decimal("-2.5"), to_micros(NOW)),
    ]


def test_a_count_leaves_reservations_alone(desk: Desk) -> None:
    desk.load(BASE)
    desk.store.write(lambda tx: tx.execute(tables.stock.update().values(reserved=Decimal(7))))
    desk.load(BASE.replace('"100"', '"50"'))
    assert desk.one(select(tables.stock.c.on_hand, tables.stock.c.reserved)) == (Decimal(50), Decimal(7))


def test_our_own_open_invoices_are_not_the_files_to_change(desk: Desk) -> None:
    desk.load(BASE)
    invoice = '[[open_invoices]]\npartner = "ALPINA"\nnumber = "{}"\ndue = "2026-12-01"\namount = "{}"\n'
    desk.load(invoice.format("OLD-1", "5") + invoice.format("OURS-1", "6"))
    ours = tables.open_invoices.c.number == "OURS-1"
    desk.store.write(lambda tx: tx.execute(tables.open_invoices.update().where(ours).values(invoice_id=1)))
    desk.load(invoice.format("OLD-1", "50") + invoice.format("OURS-1", "60"))
    amounts = desk.rows(select(tables.open_invoices.c.number, tables.open_invoices.c.amount).order_by("number"))
    assert amounts == [("OLD-1", Decimal(50)), ("OURS-1", Decimal(6))]


def test_references_are_checked_against_file_and_database(desk: Desk) -> None:
    desk.load(BASE)
    price = '[[prices]]\nsku = "{}"\ncurrency = "EUR"\namount = "1"\n'
    code = '[[item_codes]]\npartner = "{}"\ncode = "A"\nsku = "S1"\n'
    assert desk.load(price.format("S1") + code.format("ALPINA"))["prices"] == 1
    stock = '[[stock]]\nsku = "S1"\nwarehouse = "MOON"\n'
    item = '[[items]]\nsku = "S2"\ndescription = "Two"\nsubstitutes = ["S1", "S8"]\n'
    assert sorted(desk.refused(price.format("S9") + code.format("NOBODY") + stock + item)) == [
        "item_codes[0].partner: there is no partner 'NOBODY'",
        "items[0].substitutes[1]: there is no item 'S8'",
        "prices[0].sku: there is no item 'S9'",
        "stock[0].warehouse: there is no warehouse 'MOON'",
    ]
    assert desk.one(select(func.count()).select_from(tables.items)) == (1,), "nothing of a wrong file is loaded"


def test_one_identity_belongs_to_one_partner(desk: Desk) -> None:
    desk.load(BASE)
    other = '[[partners]]\ncode = "OTHER"\nname = "Other"\n[[partners.edi]]\nid = "9009876000016"\n'
    assert desk.refused(other) == ["partners[0].edi[0].id: '9009876000016' (14) already is partner 'ALPINA'"]
    moved = '[[partners]]\ncode = "ALPINA"\nname = "Alpina"\n'
    assert desk.load(other + moved)["partners"] == 2


def test_an_agreement_without_our_id_needs_a_company(desk: Desk) -> None:
    text = '[[partners]]\ncode = "ALPINA"\nname = "Alpina"\n[[partners.edi]]\nid = "1"\n'
    assert desk.refused(text) == ["partners[0].edi[0].our_id: required, because no [company] is known"]


def test_auto_fulfilment_needs_the_sandbox_or_a_word(desk: Desk) -> None:
    text = '[[partners]]\ncode = "A"\nname = "A"\nfulfilment = "auto"\n'
    (problem,) = desk.refused(text, sandbox=False)
    assert problem.startswith("partners[0].fulfilment: 'auto' packs, books and ships by itself")
    for keys, sandbox in (("", True), ('carrier = "sandbox"', False), ("allow_auto = true", False)):
        assert desk.load(text + keys, sandbox=sandbox)["partners"] == 1


def test_an_unknown_carrier_is_refused(desk: Desk) -> None:
    (problem,) = desk.refused('[[partners]]\ncode = "A"\nname = "A"\ncarrier = "pigeon"\n')
    assert problem == "partners[0].carrier: there is no carrier 'pigeon'; known: sandbox"


def test_two_thousand_items_load_quickly(desk: Desk) -> None:
    rows = []
    for number in range(2000):
        gtin = f"401234{number:06d}"
        gtin += gs1_check_digit(gtin)
        rows.append(
            f'[[items]]\nsku = "S{number}"\ngtin = "{gtin}"\ndescription = "Item {number}"\ncost = "1.5"\n'
            f'[[prices]]\nsku = "S{number}"\ncurrency = "EUR"\namount = "2.5"\n'
            f'[[stock]]\nsku = "S{number}"\nwarehouse = "MAIN"\non_hand = "1000"\n'
        )
    text = BASE + "".join(rows)
    started = time.perf_counter()
    assert desk.load(text)["items"] == 2001
    assert time.perf_counter() - started < 6, "0.5 s on an idle machine"
    assert desk.one(select(func.count()).select_from(tables.stock_moves)) == (2000,), "S1 twice: the last one wins"


def test_a_file_that_cannot_be_read_is_told(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    for content, told in ((b"[[", "is not TOML"), (b'name = "\xff"', "is not TOML")):
        broken.write_bytes(content)
        with pytest.raises(MasterDataInvalid, match=told):
            master_data.load_file(desk.store, desk.home, Settings(), FixedClock(), broken)
    with pytest.raises(MasterDataInvalid, match="No such file"):
        master_data.load_file(desk.store, desk.home, Settings(), FixedClock(), tmp_path / "absent.toml")


def tiers(*steps: int, first: str = "2026-01-01") -> str:
    return "".join(
        f'[[prices]]\nlevel = "tier"\nsku = "S1"\ncurrency = "EUR"\namount = "{100 - step}"\n'
        f'min_quantity = "{step}"\nvalid_from = "{first}"\n'
        for step in steps
    )


@pytest.mark.parametrize(
    ("steps", "told"),
    [((10, 20), 2), ((10, 20, 30), None), ((10, 20, 30, 40, 50), None), ((10, 20, 30, 40, 50, 60), 6)],
)
def test_a_ladder_of_tiers_has_three_to_five_steps(desk: Desk, steps: tuple[int, ...], told: int | None) -> None:
    """PRI-03."""
    if told is None:
        assert desk.load(BASE + tiers(*steps))["prices"] == len(steps)
        return
    problem = f"prices[0]: S1 has {told} tiers in EUR from 2026-01-01 on; 3 to 5 are allowed"
    assert desk.refused(BASE + tiers(*steps)) == [problem]


def test_steps_that_are_loaded_already_count(desk: Desk) -> None:
    """PRI-03: a step more, a step again, and a ladder of a later day."""
    desk.load(BASE + tiers(10, 20, 30))
    desk.load(tiers(20, 40, 50))
    assert len(desk.refused(tiers(60))) == 1
    assert len(desk.refused(tiers(10, 20, first="2026-04-01"))) == 1
    desk.load(tiers(10, 20, 60, first="2026-04-01"))


def test_a_promotion_is_loaded_with_its_application(desk: Desk) -> None:
    """PRI-07."""
    promotion = (
        '[[promotions]]\ncode = "SPRING"\nsku = "S1"\ncurrency = "EUR"\namount = "1"\nvalid_from = "2026-03-01"\n'
        'valid_to = "2026-03-31"\napplication = { applied_by = "Ada", reason = "spring", approved_by = "Bea", '
        'approved_on = "2026-02-01" }\n'
    )
    counts = desk.load(BASE + promotion)
    assert (counts["prices"], counts["promotions"]) == (0, 1)
    row = desk.one(select(prices))
    assert (row.level, row.reference, row.basis["approved_by"]) == ("promotion", "SPRING", "Bea")
    assert desk.refused(promotion.replace("S1", "S9")) == ["promotions[0].sku: there is no item 'S9'"]


MANAGED = (
    '[[users]]\nname = "Ada"\nemail = "ada@us.example"\n[[users]]\nname = "Bo"\n'
    '[[partners]]\ncode = "VIPCO"\nname = "Vip"\nvip = true\naccount_manager = "Ada"\n'
    '[[partners.notices]]\nevent = "*"\nchannel = "mail"\nto = ["desk@vip.example"]\n'
)


def test_preferences_and_account_manager_are_loaded_and_replaced_as_a_whole(desk: Desk) -> None:
    """CNF-19."""
    desk.load(COMPANY + MANAGED)
    vip = desk.partner("VIPCO")
    assert [(route.to, route.cc) for route in vip.told_of("order.shipped")] == [
        (("desk@vip.example",), ("ada@us.example",))
    ]
    desk.load(MANAGED.replace("desk@", "office@").replace("vip = true", "vip = false"))
    assert [route.to for route in desk.partner("VIPCO").told_of("order.shipped")] == [("office@vip.example",)]
    assert desk.partner("VIPCO").told_of("order.shipped")[0].cc == ()


def test_a_preference_that_cannot_be_followed_is_told_with_its_place(desk: Desk) -> None:
    """CNF-08."""
    wrong = MANAGED + '[[partners.notices]]\nevent = "order.shipped"\nchannel = "edi"\n'
    assert desk.refused(COMPANY + wrong) == ["partners[0].notices[1].channel: the partner has no EDI agreement"]


def test_an_account_manager_is_a_user_with_a_mail_address(desk: Desk) -> None:
    """CNF-19."""
    told = ["partners[0].account_manager: there is no user 'Bo' with a mail address"]
    assert desk.refused(COMPANY + MANAGED.replace('manager = "Ada"', 'manager = "Bo"')) == told
    desk.load(COMPANY + MANAGED)
    again = '[[partners]]\ncode = "VIPCO"\nname = "Vip"\naccount_manager = "{}"\n'
    desk.load(again.format("Ada"))
    assert desk.refused(again.format("Cy")) == [
        "partners[0].account_manager: there is no user 'Cy' with a mail address"
    ]


RATE = '[[rates]]\nfrom = "{}"\nto = "EUR"\nrate = "{}"\nvalid_from = "2026-01-01"\n'


def test_rates_are_loaded_by_day_and_checked(desk: Desk) -> None:
    assert desk.load(BASE + RATE.format("CHF", "0.95"))["rates"] == 1
    desk.load(RATE.format("CHF", "0.9600000001"))
    row = desk.one(select(tables.rates))
    assert tuple(row) == ("CHF", "EUR", date(2026, 1, 1), "0.9600000001")
    for source, rate in (("EUR", "1"), ("CHF", "0"), ("CHF", "-1"), ("CHF", "0.00000000001"), ("Franc", "1")):
        assert len(desk.refused(RATE.format(source, rate))) == 1, (source, rate)


def test_the_currency_of_an_account_stays_while_amounts_are_on_it(desk: Desk) -> None:
    """What confirmed orders took is in the currency of the account, and so is what was paid in advance."""
    desk.load(BASE)
    partner = '[[partners]]\ncode = "ALPINA"\nname = "Alpina"\ngrade = "A"\ncurrency = "{}"\n'
    acme = desk.partner("ALPINA").id
    desk.store.write(lambda tx: commit_credit(tx, acme, 1))
    assert desk.refused(partner.format("CHF")) == [
        "partners[0].currency: the account of ALPINA is in EUR, and orders or payments are on it"
    ]
    assert desk.refused(COMPANY.replace("EUR", "CHF")) == [
        "company.currency: the account of ALPINA is in EUR, and orders or payments are on it"
    ]
    desk.load(partner.format("EUR"))  # it was ours before: nothing changes
    desk.store.write(lambda tx: commit_credit(tx, acme, -1))
    desk.load(partner.format("CHF"))
