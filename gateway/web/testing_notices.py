"""A desk of notices in memory for tests of pages and clients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

from core.clock import iso
from core.errors import NotFound, ValueRefused
from core.partners.notices import Preference, Reach, misfits
from core.reporting.notices import preferences_told

Json = dict[str, Any]

#: the one link that opens something
TOKEN: Final = "t" * 43
#: how every partner of a test can be reached
_REACH: Final = Reach("desk@partner.example", "+4312345678", edi=True)


class MemoryNoticeDesk:
    """Keeps preferences by partner; ``told`` are notices by order, ``tracking`` is what :data:`TOKEN` opens."""

    def __init__(self) -> None:
        self.preferences_by_partner: dict[str, tuple[Preference, ...]] = {}
        self.told: dict[str, list[Json]] = {}
        self.seen: list[tuple[str, str]] = []
        self.revoked: set[str] = set()
        self.estimates: dict[str, date] = {}
        self.tracking: Json = {
            "number": "2026-SR-000001",
            "buyer_reference": "PO-1",
            "seller": "Muster Supply GmbH",
            "status": "in transit",
            "promised_date": "2026-03-09",
            "expected_date": "2026-03-10",
            "shipments": [
                {
                    "carrier": "sandbox",
                    "tracking_number": "SBX1",
                    "shipped_at": "2026-03-05T08:00:00.000000Z",
                    "expected_date": "2026-03-10",
                    "delivered_at": None,
                    "events": [{"at": "2026-03-06T07:30:00.000000Z", "status": "in_transit", "place": "Graz"}],
                }
            ],
        }

    def preferences(self, partner: str) -> Json:
        """Return what was set."""
        kept = self.preferences_by_partner.get(partner, ())
        return {"partner": partner, "account_manager": None, "preferences": preferences_told(kept)}

    def set_preferences(
        self, partner: str, preferences: Sequence[Preference], *, expect: Callable[[Json], None]
    ) -> Json:
        """Keep *preferences*."""
        expect(self.preferences(partner))
        wrong = next(misfits(preferences, _REACH), None)
        if wrong is not None:
            raise ValueRefused(f"preferences[{wrong.place}].{wrong.key}: {wrong.why}")
        self.preferences_by_partner[partner] = tuple(preferences)
        return self.preferences(partner)

    def of_order(self, number: str, *, partner: str | None = None) -> list[Json]:  # noqa: ARG002 - anybody's here
        """Return ``told`` of the order."""
        if number not in self.told:
            raise NotFound(f"there is no order {number}")
        return self.told[number]

    def resend(self, number: str, notice_id: str, *, channel: str, to: Sequence[str] = (), actor: str) -> list[Json]:  # noqa: ARG002 - not kept
        """Add a notice to ``told``."""
        first = next((one for one in self.of_order(number) if one["id"] == notice_id), None)
        if first is None:
            raise NotFound(f"there is no notice {notice_id}")
        again = first | {"id": str(int(notice_id) + 1), "channel": channel, "to": list(to), "resends": notice_id}
        self.told[number].append(again)
        return [again]

    def links(self, number: str) -> Json:
        """Return those of ``told`` that carried one and are not revoked."""
        kept = [one for one in self.of_order(number) if one["id"] not in self.revoked]
        return {
            "number": number,
            "items": [
                {
                    "id": one["id"],
                    "notice": one["notice"],
                    "created_at": one["created_at"],
                    "expires_at": "2026-05-31T08:00:00.000000Z",
                }
                for one in kept
            ],
        }

    def revoke_links(self, number: str, notice_id: str | None, *, reason: str, actor: str) -> Json:  # noqa: ARG002 - not kept
        """Keep which are revoked; :data:`TOKEN` opens nothing any more."""
        known = [one["id"] for one in self.of_order(number)]
        if notice_id is not None and notice_id not in known:
            raise NotFound(f"there is no notice {notice_id} on this order")
        gone = {notice_id} if notice_id is not None else set(known)
        count = len(gone - self.revoked)
        self.revoked |= gone
        return {**self.links(number), "revoked": count}

    def expect(self, shipment: str, day: date, *, reason: str, actor: str) -> Json:  # noqa: ARG002 - not kept
        """Keep the day."""
        changed = self.estimates.get(shipment) != day
        self.estimates[shipment] = day
        return {"shipment": shipment, "expected_date": day.isoformat(), "changed": changed}

    def mix(self, since: datetime, until: datetime) -> Json:
        """Count nothing."""
        return {"since": iso(since), "until": iso(until), "total": 0, "items": []}

    def tracked(self, token: str) -> Json:
        """Return ``tracking``."""
        if token != TOKEN or self.revoked:
            raise NotFound("this link is not valid, or no longer")
        return self.tracking

    def confirmed(self, token: str) -> Json:
        """Return ``tracking`` with one line."""
        line = {"line": 1, "description": "Cup <b>", "quantity": "5", "unit": "C62", "promised_date": "2026-03-09"}
        seen = {"seen_at": None, "seen_by": self.seen[-1][1] if self.seen else None}
        return self.tracked(token) | seen | {"currency": "EUR", "total": "62.50", "lines": [line]}

    def saw(self, token: str, by: str) -> None:
        """Keep who was seen to have it."""
        self.tracked(token)
        self.seen.append((token, by))
