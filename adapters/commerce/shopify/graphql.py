"""Shopify's GraphQL (Admin API): calls, ids, and the refusals that come with the status 200."""

from __future__ import annotations

from typing import Any

from adapters.commerce.calls import answer_of, send
from core.storefront import ShopCall


def graphql(path: str, query: str, variables: dict[str, Any]) -> ShopCall:
    """Return the call of a query or mutation."""
    return send("POST", path, {"query": query, "variables": variables})


def gid(kind: str, shop_id: str) -> str:
    """Return the global id of what REST and webhooks name by a number."""
    return f"gid://shopify/{kind}/{shop_id}"


def number_in(found: str) -> str:
    """Return the number that a global id is of."""
    return found.rpartition("/")[2]


def refusal_in(answer: bytes) -> str:
    """Return what an answer says is wrong, "" where nothing is."""
    answered = answer_of(answer)
    if not isinstance(answered.value, dict):
        return "the answer is no GraphQL answer"
    said = [error["message"].text() for error in answered["errors"].each()]
    payloads = answered["data"].value
    for name in payloads if isinstance(payloads, dict) else ():
        payload = answered.at("data", name)
        for errors in ("userErrors", "orderCancelUserErrors"):
            said += [error["message"].text() for error in payload[errors].each()]
    return "; ".join(said)
