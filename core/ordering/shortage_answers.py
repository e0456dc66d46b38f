"""What a buyer may answer to a line that is short: an option as the change that takes it, and back (INV-07, INV-24).

An option is JSON-ready, as ``core.review.shortage.options_of`` makes it and the hold of the line keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from core.documents import ChangedLine, ChangeFunction, LineAction, Order, OrderChange, OrderLine, ScheduleLine
from core.errors import Conflict
from core.ordering.standing import Standing

Option = Mapping[str, Any]

#: options that the buyer takes by a change of the order
TAKEN: Final = ("later_date", "split", "substitute")
#: options that are ours to bring about; the order waits meanwhile
OURS: Final = ("raise_priority", "emergency_purchase")
_NOBODY: Final[Mapping[int, Any]] = MappingProxyType({})


def change_for(order: Order, line: int, option: Option, *, gtin: str = "") -> OrderChange:
    """Return the change by which a buyer takes *option* for *line*; *gtin* is that of a substitute.

    Raises:
        Conflict: no day is known for it, or the substitute cannot be told from what the line names.
    """
    name = option["option"]
    if option["date"] is None:
        raise Conflict(f"no day is known for {name} of line {line}", hint="Wait for supply, or take another option.")
    day = date.fromisoformat(option["date"])
    if name == "split":
        said: dict[str, Any] = {"schedule": schedule_of(option)}
    elif name == "substitute":
        ordered = next(one for one in order.lines if one.line == line)
        if ordered.gtin and not gtin:
            raise Conflict(
                f"{option['sku']} has no GTIN, and line {line} names its item by one",
                hint="Delete the line and add the substitute.",
            )
        said = {"supplier_code": option["sku"], "gtin": gtin, "requested_date": day}
    else:
        said = {"requested_date": day}
    asked = ChangedLine(line=line, action=LineAction.CHANGE, **said)
    return OrderChange(number="", buyer_reference=order.buyer_reference, function=ChangeFunction.CHANGE, lines=(asked,))


def schedule_of(option: Option) -> tuple[ScheduleLine, ...]:
    """Return the parts of an option with their days: one part where it is delivered at once."""
    parts = option.get("parts") or [option]
    return tuple(
        ScheduleLine(Decimal(part["quantity"]), None if part["date"] is None else date.fromisoformat(part["date"]))
        for part in parts
    )


def takes_parts(change: OrderChange) -> bool:
    """Tell whether the buyer agrees to several deliveries, as who repeats the schedule of an offered split does."""
    return any(len(line.schedule) > 1 for line in change.lines)


def substitutes_offered(proposals: Iterable[Mapping[str, Any]]) -> dict[int, Option]:
    """Return the substitute that the latest of *proposals*, payloads of ORDRSP, offers of each line that has one."""
    offers: dict[int, Option] = {}
    for payload in proposals:
        offers = {
            int(number): {
                "option": "substitute",
                "sku": sku,
                "quantity": payload["schedules"][number][-1][0],
                "date": payload["schedules"][number][-1][1],
            }
            for number, (sku, _) in payload.get("substitutes", {}).items()
        }
    return offers


def accepted_options(
    standing: Standing,
    revised: Order,
    *,
    skus: Mapping[int, str | None] = _NOBODY,
    offers: Mapping[int, Option] = _NOBODY,
) -> Iterator[dict[str, Any]]:
    """Yield ``{"line","option"}`` of each option that the next revision of a held order takes as it was offered.

    *skus* are our items of the lines that were reviewed anew, by whichever number the buyer names them; *offers* are
    the substitutes that were proposed since the review.
    """
    after = {line.line: line for line in revised.lines}
    before = {line.line: line for line in standing.order.lines}
    for hold in standing.open_holds:
        number = hold["line"]
        if hold["code"] != "stock.short" or number not in after or number not in before:
            continue
        offered = [offers[number]] if number in offers else []
        for option in [*offered, *hold["inputs"].get("options", ())]:
            if option["option"] in TAKEN and _takes(before[number], after[number], revised, option, skus.get(number)):
                yield {"line": number, "option": option["option"], "date": option["date"]}
                break


def _takes(before: OrderLine, after: OrderLine, revised: Order, option: Option, sku: str | None) -> bool:
    """Tell whether a line asks for what *option* offers: all of it, on its day or later.

    Who takes two deliveries repeats their schedule, which asks for the whole by the last of its days.
    """
    wanted = after.requested_date or revised.requested_date
    if option["date"] is None or wanted is None or wanted < date.fromisoformat(option["date"]):
        return False
    if option["option"] == "substitute":
        wanted_of_it = after.quantity <= Decimal(option["quantity"])
        return wanted_of_it and str(option["sku"]) in {sku, after.supplier_code}
    told = ("gtin", "buyer_code", "supplier_code")
    same = all(getattr(before, name) == getattr(after, name) for name in told)
    return same and after.quantity == Decimal(option["quantity"])
