"""What the 30 fields ask of an order, where a review had them from, and where orders differ from the master data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.clock import from_micros, iso
from core.errors import NotFound
from core.ordering.canonical import from_json
from core.reporting import cursor as cursors
from core.review.customer import received_fields
from core.review.fields import BY_NAME, FIELDS, FieldRules, Profile, profile_of
from core.review.formats import FORMATS
from core.store import discrepancies as rows
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id, partner_id_by_code
from core.store.rulebooks import rules_in_force, rules_of_version

Json = dict[str, Any]


def validation_profile(tx: Tx, *, partner: str | None = None, channel: str | None = None) -> Json:
    """Return the profile in force for a partner and a channel; without them what holds for everyone (VAL-01, VAL-05).

    Raises:
        NotFound: no such partner.
    """
    country = ""
    if partner is not None:
        partner_id = partner_id_by_code(tx, partner)
        if partner_id is None:
            raise NotFound(f"there is no partner {partner}")
        country = partner_by_id(tx, MasterCache(), partner_id).country
    rules = rules_in_force(tx)
    fields = rules.book.fields
    profile = profile_of(fields, channel=channel or "", country=country, partner=partner or "")
    return {
        "partner": partner,
        "channel": channel,
        "country": country or None,
        "rule_version": str(rules.version),
        "required": sum(rule.required for rule in profile.values()),
        "fields": [
            {
                "number": one.number,
                "field": one.name,
                "meaning": one.meaning,
                "scope": "line" if one.on_lines else "order",
                "required": profile[one.name].required,
                "format": profile[one.name].format,
                "rule": _words(fields, profile, one.name, country),
                "derived_from": one.derived_from or None,
                "if_missing": one.lack,
                "if_malformed": FORMATS[profile[one.name].format].code,
            }
            for one in FIELDS
        ],
    }


def _words(rules: FieldRules, profile: Profile, name: str, country: str) -> str:
    """Return the rule of a field in words, with the picture where it is of one country."""
    wanted = profile[name].format
    picture = rules.postal_codes.get(country, "") if wanted == "postal_code" else ""
    return f"{FORMATS[wanted].words}: {picture}" if picture else FORMATS[wanted].words


def fields_of_check(tx: Tx, order: Json, check: Json, revision: int) -> list[Json]:
    """Return :func:`told_fields` of the customer *check* of a stored order, as it then stood."""
    rules = rules_of_version(tx, int(check["rule_version"])) or rules_in_force(tx)
    partner = partner_by_id(tx, MasterCache(), order["partner_id"])
    profile = profile_of(
        rules.book.fields, channel=order["channel"], country=partner.country, partner=partner.code
    )  # fmt: skip
    said = received_fields(from_json(order_rows.document_of(tx, order["id"], revision)))
    return told_fields(check["evidence"], said, profile)


def told_fields(evidence: Mapping[str, Any], said: Mapping[str, str], profile: Profile) -> list[Json]:
    """Return each header field of a customer check: origin, value, format and the rule that it was derived by.

    *said* are the values that the order itself has. Nothing of a check that was made before fields had origins.
    """
    if "derived" not in evidence:
        return []
    broken = {**{one["field"]: one["code"] for one in evidence["faults"]}, **evidence.get("doubtful", {})}
    found = []
    for name, value, origin in [
        *((name, said.get(name), "received") for name in evidence["received"]),
        *((name, value, "derived") for name, value in evidence["derived"].items()),
        *((name, None, "missing") for name in evidence["missing"] if name in BY_NAME),
    ]:
        one = BY_NAME[name]
        found.append(
            {
                "number": one.number,
                "field": name,
                "origin": origin,
                "value": value,
                "rule": one.derived_from if origin == "derived" else None,
                "format": profile[name].format,
                "fault": broken.get(name),
            }
        )
    return sorted(found, key=lambda field: int(field["number"]))


def discrepancies(
    tx: Tx,
    *,
    partner: str | None = None,
    number: str | None = None,
    undecided: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return where orders and master data differ, oldest first."""
    key = cursors.decode(cursor, int)
    after = key[0] if key else None
    found, more = cursors.page(
        rows.page_of_discrepancies(
            tx, partner=partner, number=number, undecided=undecided, after=after, limit=limit + 1
        ),
        limit,
    )
    return {
        "items": [discrepancy_json(row) for row in found],
        "next": cursors.encode(found[-1]["id"]) if more else None,
    }


def discrepancy_json(row: Json) -> Json:
    """Return one discrepancy as the API tells it."""
    return {
        "id": str(row["id"]),
        "number": row["number"],
        "partner": row["partner"],
        "field": row["field"],
        "line": row["line"],
        "key": row["key"] or None,
        "order_value": row["order_value"],
        "master_value": row["master_value"],
        "found_at": iso(from_micros(row["found_at"])),
        "decision": row["decision"],
        "decided_at": None if row["decided_at"] is None else iso(row["decided_at"]),
        "decided_by": row["decided_by"],
        "reason": row["reason"] or None,
    }
