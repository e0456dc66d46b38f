"""Order templates: what is ordered again and again, kept under a name and made a draft or an order at once (INT-20).

A template belongs to one partner, or to the house and then serves every partner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.documents import Order, Party
from core.entry.drafts import DraftChanged
from core.entry.forms import Form, Origins, fields_of, filled, merged
from core.errors import Conflict
from core.store import order_templates as rows
from core.store.engine import Tx
from core.values import text

Template = dict[str, Any]
#: the version of a template that nobody changed yet
_FIRST: Final = 1
#: what is said of each order anew
_NOT_KEPT: Final = frozenset({"buyer_reference", "requested_date", "override_reason"})


@dataclass(frozen=True, slots=True)
class NewContent:
    """What a template is to be: its name, whose it is ("" the house's) and its form."""

    name: str
    partner: str
    form: Form


def create_template(tx: Tx, content: NewContent, *, actor: str, now: datetime) -> int:
    """Keep a template and return its id.

    Raises:
        Conflict: there is one of that name.
    """
    _free(tx, content, None)
    template_id = tx.ids.next()
    rows.add(tx, {"id": template_id, "version": _FIRST, "created_at": now, **_columns(content, actor, now)})
    return template_id


def replace_template(tx: Tx, template_id: int, content: NewContent, *, seen: int, actor: str, now: datetime) -> None:
    """Make *content* the template.

    Raises:
        NotFound: there is none.
        DraftChanged: it is not the version *seen* any more.
        Conflict: another has that name.
    """
    check_version(rows.get(tx, template_id, lock=True), seen)
    _free(tx, content, template_id)
    rows.put(tx, template_id, {"version": seen + 1, **_columns(content, actor, now)})


def check_version(template: Template, seen: int) -> None:
    """Refuse to change another version than the one that was *seen*.

    Raises:
        DraftChanged: somebody changed it since.
    """
    if template["version"] != seen:
        raise DraftChanged(hint="Read it again and send your change for that version.")


def form_of(template: Template, overrides: Mapping[str, Any]) -> tuple[Form, Origins]:
    """Return the form of an order by *template* with *overrides*, and the origins of what the template fills in."""
    own = template["content"] | ({"partner": template["partner"]} if template["partner"] else {})
    form = merged(own, overrides)
    origin = {"origin": "template", "template": str(template["id"]), "version": template["version"]}
    said = fields_of(overrides)
    return form, {path: origin for path in fields_of(form) if path not in said}


def form_of_order(order: Order, partner: str) -> Form:
    """Return *order* of *partner* as a form, without what is said of each order anew."""
    head = {
        "partner": partner,
        "type": order.type,
        "currency": order.currency,
        "payment_method": order.payment_method,
        "payment_terms": order.payment_terms,
        "transport_mode": order.transport_mode,
        "delivery_terms": order.delivery_terms,
        "business_unit": order.supplier.code if order.supplier else "",
        "notes": list(order.notes),
        "ship_to": _party(order.ship_to, without={"role", "code", "tax_id"}),
    }
    lines = [
        {
            **_item(line.supplier_code, line.gtin, line.buyer_code),
            "quantity": text(line.quantity),
            "unit": line.unit,
            "description": line.description,
        }
        for line in order.lines
    ]
    return filled({**head, "lines": lines})


def _item(sku: str, gtin: str, buyer_code: str) -> dict[str, str]:
    """Return the one name that a line of a form has: as review resolves it, the GTIN first."""
    if gtin:
        return {"gtin": gtin}
    return {"sku": sku} if sku else {"buyer_code": buyer_code}


def _party(party: Party | None, *, without: set[str]) -> dict[str, str]:
    return {} if party is None else {name: value for name, value in party._asdict().items() if name not in without}


def _free(tx: Tx, content: NewContent, template_id: int | None) -> None:
    if rows.named(tx, content.partner, content.name) not in (None, template_id):
        raise Conflict(f"there is a template {content.name} already", hint="Change that one, or take another name.")


def _columns(content: NewContent, actor: str, now: datetime) -> dict[str, Any]:
    form = {name: value for name, value in content.form.items() if name not in _NOT_KEPT and name != "partner"}
    return {
        "name": content.name, "partner": content.partner, "content": form, "changed_by": actor[:100], "changed_at": now
    }  # fmt: skip
