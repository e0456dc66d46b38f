"""The terms that an order is confirmed on: payment, delivery, special agreements (CNF-04).

ORDRSP and the documents of an order take them from here, so that both always say the same.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from core.documents import TradeTerms
from core.ordering.canonical import AskedTerms
from core.partners.model import Partner
from core.review.credit import CreditRules, terms_days
from core.values import text

#: the longest code of a means of payment (4461); what is longer is a word
_MOST_OF_A_CODE: Final = 3
#: agreements that no segment of ORDRSP has a place for -> their words in FTX
_WORDS: Final = {
    "order_type": "order type: {}",
    "reservation_days": "the goods are kept for {} days",
    "quantity_tolerance": "the quantity may differ by {} %",
}

_NO_TERMS: Final = TradeTerms()


class Payment(NamedTuple):
    """How an order is paid: days from the invoice, whether payment comes first, by which means, in which words."""

    days: int
    prepayment: bool
    method: str
    words: str


def payment_of(asked: AskedTerms, partner: Partner, rules: CreditRules) -> Payment:
    """Return the payment terms: those that the invoice will have, and what the order says of payment."""
    method = asked.payment_method or partner.payment_method
    return Payment(terms_days(rules, partner), partner.grade == "D", method, asked.payment_terms)


def agreements_of(asked: AskedTerms, partner: Partner) -> dict[str, str]:
    """Return what was specially agreed for the whole order, by kind."""
    found = {
        "contract": asked.contract,
        "order_type": "" if asked.type == "standard" else asked.type,
        "delivery_terms": asked.delivery_terms or partner.delivery_terms,
        "transport_mode": asked.transport_mode or partner.transport_mode,
        "reservation_days": "" if partner.reservation_days is None else str(partner.reservation_days),
        "quantity_tolerance": text(partner.tolerances.quantity_percent) if partner.tolerances.quantity_percent else "",
    }
    return {kind: value for kind, value in found.items() if value}


class PartnerTerms(dict[AskedTerms, TradeTerms | None]):
    """The terms of the answers to one partner's orders, by what the orders ask for: most ask for the same.

    Of who has neither terms agreed nor a grade that they follow from, an answer says no payment days.
    """

    def __init__(self, partner: Partner, rules: CreditRules) -> None:
        super().__init__()
        self._partner, self._rules = partner, rules
        self._dated = partner.payment_terms_days is not None or partner.grade in rules.terms_days

    def __missing__(self, asked: AskedTerms) -> TradeTerms | None:
        payment = payment_of(asked, self._partner, self._rules)
        agreed = agreements_of(asked, self._partner)
        is_code = len(payment.method) <= _MOST_OF_A_CODE
        in_words = "" if is_code else f"payment by {payment.method}"
        terms = TradeTerms(
            payment_days=payment.days if self._dated and not payment.prepayment else None,
            prepayment=payment.prepayment,
            payment_method=payment.method if is_code else "",
            payment_words=tuple(filter(None, (payment.words, in_words))),
            delivery_terms=agreed.get("delivery_terms", ""),
            transport_mode=agreed.get("transport_mode", ""),
            contract=agreed.get("contract", ""),
            agreements=tuple([_WORDS[kind].format(value) for kind, value in agreed.items() if kind in _WORDS]),
        )
        told = self[asked] = None if terms == _NO_TERMS else terms
        return told
