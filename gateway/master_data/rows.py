"""Turns a checked file into the rows of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from core.catalogue.pricing import PROMOTION
from core.partners.exchange import ExchangeTerms
from core.store.master import MasterRows
from core.values import text
from gateway.master_data.models import Company, MasterData, Partner, PriceRow, Promotion, Rebate, Stock, Template

#: partner keys that have tables of their own
_OWN_TABLES = {"edi", "addresses", "notices"}
#: keys of an agreement that are kept together
_EXCHANGE = {field.name for field in fields(ExchangeTerms)}


def rows_of(master: MasterData, company_gln: str | None) -> MasterRows:
    """Return the rows of *master*; *company_gln* is our identity where an EDI agreement names none."""
    return MasterRows(
        company=_company(master.company) if master.company else None,
        partners=[_partner(partner) for partner in master.partners],
        partner_edi=[row for partner in _last_of_each(master) for row in _edi(partner, company_gln)],
        addresses=[row for partner in _last_of_each(master) for row in _addresses(partner)],
        partner_notices=[row for partner in _last_of_each(master) for row in _notices(partner)],
        items=[
            item.model_dump() | {"units": {unit: text(factor) for unit, factor in item.units.items()}}
            for item in master.items
        ],
        item_codes=[row.model_dump() for row in master.item_codes],
        prices=[_price(row) for row in master.prices],
        promotions=[_promotion(row) for row in master.promotions],
        taxes=[row.model_dump() for row in master.taxes],
        rates=[{**row.model_dump(), "rate": text(row.rate)} for row in master.rates],
        warehouses=[row.model_dump() for row in master.warehouses],
        stock=[_stock(row) for row in master.stock],
        sales_history=[row.model_dump() for row in master.sales_history],
        open_invoices=[row.model_dump() for row in master.open_invoices],
        users=[row.model_dump() for row in master.users],
        stores=[row.model_dump() for row in master.stores],
        rebates=[_rebate(row) for row in master.rebates],
        templates=[_template(row) for row in master.templates],
    )


def _last_of_each(master: MasterData) -> Iterator[Partner]:
    """Yield each partner once, as its last row in the file says it."""
    yield from {partner.code: partner for partner in master.partners}.values()


def _company(company: Company) -> dict[str, Any]:
    row = company.model_dump() | {"bank": company.bank.model_dump(exclude_none=True)}
    row["address"]["country"] = company.address.country or company.country
    return row


def _partner(partner: Partner) -> dict[str, Any]:
    row = partner.model_dump(exclude={*_OWN_TABLES, "group", "tolerances"})
    row["group_code"] = partner.group
    row["tolerances"] = {
        name: value if isinstance(value, int) else text(value)
        for name, value in partner.tolerances.model_dump(exclude_none=True).items()
    }
    return row


def _edi(partner: Partner, company_gln: str | None) -> Iterator[dict[str, Any]]:
    for edi in partner.edi:
        row = edi.model_dump(exclude={"id", *_EXCHANGE})
        kept = edi.model_dump(include=_EXCHANGE, exclude_defaults=True)
        own = {"partner": partner.code, "edi_id": edi.id, "our_id": edi.our_id or company_gln}
        yield row | own | {"exchange": kept or None}


def _addresses(partner: Partner) -> Iterator[dict[str, Any]]:
    nameless: dict[str, int] = {}
    for address in partner.addresses:
        ordinal = 0
        if not address.gln:
            ordinal = nameless[address.role] = nameless.get(address.role, -1) + 1
        yield address.model_dump() | {"partner": partner.code, "ordinal": ordinal}


def _notices(partner: Partner) -> Iterator[dict[str, Any]]:
    for ordinal, notice in enumerate(partner.notices):
        yield {"partner": partner.code, "ordinal": ordinal, **notice.preference()._asdict()}


def _price(row: PriceRow) -> dict[str, Any]:
    return row.model_dump(exclude={"group"}) | {
        "partner": row.partner or "",
        "group_code": row.group or "",
        "contract": row.contract or "",
        "reference": "",
        "basis": None,
    }


def _promotion(row: Promotion) -> dict[str, Any]:
    return row.model_dump(exclude={"code", "group", "application"}) | {
        "level": PROMOTION,
        "partner": row.partner or "",
        "group_code": row.group or "",
        "contract": "",
        "reference": row.code,
        "basis": row.application.model_dump(mode="json"),
    }


def _template(row: Template) -> dict[str, Any]:
    return row.model_dump(exclude={"group"}) | {
        "partner": row.partner or "",
        "group_code": row.group or "",
        "order_type": row.order_type or "",
    }


def _rebate(row: Rebate) -> dict[str, Any]:
    steps = [{"at_least": text(step.at_least), "percent": text(step.percent)} for step in row.steps]
    return row.model_dump(exclude={"steps"}) | {"contract": row.contract or "", "steps": steps}


def _stock(row: Stock) -> dict[str, Any]:
    supplies = {
        name: [{"quantity": text(supply.quantity), "date": supply.date.isoformat()} for supply in getattr(row, name)]
        for name in ("inbound", "planned")
    }
    return {"sku": row.sku, "warehouse": row.warehouse, "on_hand": row.on_hand, **supplies}
