"""Whose word a mail is: a sender that was found forged, one who only hands on, and interchanges (issue 6, part 7)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from paper_orders import CONTACT, PaperOrder, mail

from gateway import demo

from .conftest import House

pytestmark = pytest.mark.parametrize("house", ["checked"], indirect=True)

FORGED = "mx.seller.example; spf=pass smtp.mailfrom=evil.example; dmarc=fail header.from=alpina.example"


def codes(house: House) -> set[str]:
    return {one["code"] for one in house.newest()["violations"] or ()}


def test_an_order_whose_sender_was_found_forged_is_for_a_person_whatever_it_names(house: House) -> None:
    taken = house.take("a.eml", mail(("order.pdf", PaperOrder("PO-2001").pdf()), results=FORGED))
    assert (taken["parked"], codes(house)) == (1, {"paper.sender_forged"})
    assert house.newest()["partner"] is None, "the customer's own key does not see it"
    draft = house.gateway.operations.entry_desk.draft(int(house.tasks()[-1]["inputs"]["draft"]), partner=None)
    assert draft["content"].get("partner") is None


@pytest.mark.parametrize(
    "results",
    [
        "mx.seller.example; spf=fail smtp.mailfrom=list.example; dkim=pass; dmarc=pass header.from=alpina.example",
        'mx.seller.example; spf=pass reason="not dmarc=fail; dmarc=fail"',
        "mx.seller.example; spf=pass (dmarc=fail; dmarc=fail) smtp.mailfrom=alpina.example",
        "mx.other.example; dmarc=fail",
    ],
    ids=["sent on", "quoted", "comment", "another server's"],
)
def test_only_a_result_of_our_own_server_speaks_against_a_sender(house: House, results: str) -> None:
    reference = f"PO-2{len(results):03}"
    assert house.take("b.eml", mail(("order.pdf", PaperOrder(reference).pdf()), results=results))["accepted"] == 1


def test_a_failed_spf_alone_speaks_against_a_sender(house: House) -> None:
    results = 'mx.seller.example; spf=fail smtp.mailfrom="x; dmarc=pass"@evil.example'
    house.take("c.eml", mail(("order.pdf", PaperOrder("PO-2002").pdf()), results=results))
    assert codes(house) == {"paper.sender_forged"}


def test_who_hands_a_mail_on_proves_no_customer(house: House) -> None:
    """Anybody can write the head of a mail that he says to hand on, and no mail server checks it."""
    body = f"See below.\n\n-----Original Message-----\nFrom: Petra Huber <{CONTACT}>\nSent: Friday\n\nOur order"
    unnamed = PaperOrder("PO-2003", account="", buyer="Some Buyer")
    sent = mail(("order.pdf", unnamed.pdf()), sender="x@evil.example", subject="Fwd: Order", body=body)
    assert house.take("d.eml", sent)["parked"] == 1
    assert "paper.customer_unknown" in codes(house)
    task = house.tasks()[-1]
    assert (task["inputs"]["partner"], task["inputs"]["likely_partner"]) == (None, "ALPINA")
    numbered = PaperOrder("PO-2004", buyer="Some Buyer")
    sent = mail(("order.pdf", numbered.pdf()), sender="x@evil.example", subject="Fwd: Order", body=body)
    assert house.take("e.eml", sent)["accepted"] == 1, "its account number proves it"


@pytest.fixture(scope="module")
def interchange() -> tuple[str, bytes]:
    return next(iter(demo.orders(datetime.now(UTC)).items()))


def test_an_interchange_of_a_stranger_is_left_to_a_person(house: House, interchange: tuple[str, bytes]) -> None:
    """EDIFACT is judged without a person, with addresses of its own: a mail is no way around a partner's folder."""
    assert house.take("f.eml", mail(interchange, sender="x@evil.example"))["parked"] == 1
    assert (house.newest()["reason"], house.newest()["type"]) == ("paper.interchange_unproved", None)
    assert house.take("g.eml", mail(interchange, results=FORGED))["parked"] == 1
    assert house.newest()["reason"] == "paper.interchange_unproved"


def test_an_interchange_of_a_partner_by_the_address_of_another_is_parked(
    house: House, interchange: tuple[str, bytes]
) -> None:
    name, content = interchange
    house.take("h.eml", mail((name, content.replace(b"4012345000009", b"9012345000004"))))
    assert (house.newest()["outcome"], house.newest()["reason"]) == ("parked", "partner.mismatch")


def test_an_interchange_of_its_own_partner_is_judged(house: House, interchange: tuple[str, bytes]) -> None:
    house.take("i.eml", mail(interchange))
    assert (house.newest()["type"], house.newest()["outcome"]) == ("ORDERS", "accepted")


def test_a_file_that_the_house_puts_there_is_judged(house: House, tmp_path: Path) -> None:
    name, content = list(demo.orders(datetime.now(UTC)).items())[1]
    house.take(name, content)
    assert house.newest()["type"] == "ORDERS"
    assert house.newest()["reason"] != "paper.interchange_unproved"
