# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of several subjects: shop order."""

from __future__ import annotations

from gateway.client.values import Answer, Exact

__all__ = [
    "ShopChargeShape",
    "ShopDestinationShape",
    "ShopLineShape",
    "ShopOrderShape",
    "ShopQuantityShape",
    "ShopRefundShape",
    "ShopTaxShape",
]


class ShopChargeShape(Answer):
    """A discount (below zero), shipping cost or fee of the shop."""

    kind: str
    amount: Exact
    name: str
    code: str
    line_id: str
    #: of a discount on a shipping cost: where that is told
    charge: str
    #: JSON pointer of where it is told
    source: str


class ShopQuantityShape(Answer):
    """So many pieces of a line of the shop."""

    line_id: str
    quantity: Exact


class ShopDestinationShape(Answer):
    """One of several addresses of an order."""

    address: dict[str, str]
    lines: list[ShopQuantityShape]


class ShopLineShape(Answer):
    """Which of our lines a line of the shop is."""

    line: int
    line_id: str


class ShopTaxShape(Answer):
    """A tax of the shop."""

    amount: Exact
    name: str
    rate: Exact | None
    line_id: str
    #: of a tax on a charge: where that is told
    charge: str
    #: JSON pointer of where it is told
    source: str


class ShopRefundShape(Answer):
    """Money or goods that the shop gave back."""

    id: str
    amount: Exact
    reason: str
    at: str | None
    lines: list[ShopQuantityShape]


class ShopOrderShape(Answer):
    """What the shop says of an order besides the order itself; what we bill is ours."""

    platform: str
    store: str
    shop_id: str
    name: str
    state: str
    payment: str
    #: what was posted as paid to the partner's account
    paid: Exact | None
    #: what the shop's customer pays, with costs and taxes
    total: Exact | None
    tax_included: bool
    updated_at: str | None
    charges: list[ShopChargeShape]
    taxes: list[ShopTaxShape]
    refunds: list[ShopRefundShape]
    #: only where there are several
    destinations: list[ShopDestinationShape]
    gift_note: str
    line_ids: list[ShopLineShape]
