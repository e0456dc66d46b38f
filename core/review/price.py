"""Price check: the buyer's price against ours, within the partner's tolerance (PRI, first cut)."""

from __future__ import annotations

from core.partners.model import Tolerances
from core.review.holds import HoldDraft
from core.values import PRICE_SCALE, from_scaled, text


def allowed_difference6(tolerances: Tolerances, ours6: int) -> int:
    """Return how far (x 10^6) the buyer's price may be from ours: the larger of per cent and amount, inclusive."""
    return int(max(tolerances.price_percent * ours6 / 100, tolerances.price_amount.scaleb(PRICE_SCALE)))


def price_mismatch(line: int, theirs6: int, ours6: int, tolerances: Tolerances, level: str) -> HoldDraft | None:
    """Return the hold for a buyer's price outside the tolerance, None inside it."""
    allowed6 = allowed_difference6(tolerances, ours6)
    if abs(theirs6 - ours6) <= allowed6:
        return None
    theirs, ours = from_scaled(theirs6, PRICE_SCALE), from_scaled(ours6, PRICE_SCALE)
    percent = f"{(theirs - ours) / ours * 100:+.2f}" if ours else "n/a"
    return HoldDraft(
        "price.mismatch",
        f"line {line}: the buyer's price {text(theirs)} differs from ours, {text(ours)}, by {percent} %",
        {
            "buyer_price": text(theirs),
            "expected_price": text(ours),
            "level": level,
            "difference_percent": percent,
            "tolerance_percent": text(tolerances.price_percent),
            "tolerance_amount": text(tolerances.price_amount),
        },
        "price.tolerance",
        line=line,
        release_when=f"a price within {text(from_scaled(allowed6, PRICE_SCALE))} of {text(ours)}, or theirs accepted",
    )


def price_missing(line: int, sku: str, currency: str, day: str) -> HoldDraft:
    """Return the hold for an item that has no price of ours."""
    return HoldDraft(
        "price.missing",
        f"line {line}: there is no price for {sku} in {currency} on {day}",
        {"sku": sku, "currency": currency, "date": day},
        "price.catalogue",
        line=line,
        release_when=f"a price for {sku} in {currency} is loaded, or the buyer's is accepted",
    )
