"""Whom a partner's preferences send which notice, and which preferences cannot be followed."""

from __future__ import annotations

from typing import get_args

import pytest

from core.partners.model import Agreement, Partner
from core.partners.notices import Event, Preference, Reach, Route, is_mail_address, misfits, phone_number, routes_of
from core.ports import NOTICES

EVENTS = [event for event in get_args(Event) if event != "*"]
MAIL = Reach("desk@alpina.example", "+43 1 234-5678", language="de")
EDI = MAIL._replace(edi=True)


def told(event: str, *preferences: Preference, reach: Reach = MAIL) -> list[tuple[str, tuple[str, ...]]]:
    return [(route.channel, route.to) for route in routes_of(event, preferences, reach)]


def test_a_partner_is_told_of_every_fact_but_what_our_own_people_are_told() -> None:
    assert [*EVENTS, "exception.raised"] == list(NOTICES)


def test_without_preferences_a_partner_with_edi_hears_by_edi_alone_and_one_without_by_mail() -> None:
    """CNF-07."""
    assert [told(event, reach=EDI) for event in EVENTS] == [[]] * len(EVENTS)
    assert told("order.confirmed") == [("mail", ("desk@alpina.example",))]
    assert told("order.confirmed", reach=Reach()) == []


def test_a_preference_chooses_the_channel_of_its_event_and_the_star_that_of_every_other() -> None:
    """CNF-07."""
    preferences = (Preference("*", "none"), Preference("order.shipped", "sms"))
    assert told("order.shipped", *preferences) == [("sms", ("+4312345678",))]
    assert told("order.confirmed", *preferences) == []
    assert told("order.confirmed", Preference("*", "mail"), reach=EDI) == [("mail", ("desk@alpina.example",))]
    assert told("order.confirmed", Preference("*", "mail"), Preference("order.confirmed", "edi"), reach=EDI) == []


def test_one_event_may_be_told_by_several_channels_but_never_twice_the_same() -> None:
    by_sms, by_mail = Preference("order.shipped", "sms"), Preference("order.shipped", "mail")
    assert [channel for channel, _ in told("order.shipped", by_sms, by_mail, by_sms)] == ["sms", "mail"]


def test_a_mail_goes_to_all_of_its_recipients_and_a_message_to_each() -> None:
    both = ("+431234567", "+431234568")
    assert told("order.shipped", Preference("*", "sms", both)) == [("sms", both[:1]), ("sms", both[1:])]
    mails = ("a@b.example", "c@d.example")
    assert told("order.shipped", Preference("*", "mail", mails)) == [("mail", mails)]


def test_language_and_template_are_the_preferences_else_the_partners() -> None:
    own = Preference("*", "mail", ("a@b.example",), ("c@d.example",), "zh", "vip")
    assert routes_of("order.shipped", (own,), MAIL) == (Route("mail", ("a@b.example",), ("c@d.example",), "zh", "vip"),)
    assert routes_of("order.shipped", (), MAIL)[0].language == "de"


def test_the_account_manager_of_a_vip_is_in_copy_of_every_mail() -> None:
    """CNF-19."""
    plain = Partner(1, "ACME", "Acme", email="desk@acme.example", account_manager_email="ada@us.example")
    vip = Partner(
        1, "ACME", "Acme", vip=True, email="desk@acme.example", account_manager_email="ada@us.example",
        notices=(Preference("order.shipped", "mail", cc=("ceo@acme.example",)), Preference("invoice.issued", "sms")),
    )  # fmt: skip
    assert plain.told_of("order.shipped")[0].cc == ()
    assert vip.told_of("order.shipped")[0].cc == ("ceo@acme.example", "ada@us.example")
    assert Partner(1, "A", "A", vip=True, email="x@y.example").told_of("order.shipped")[0].cc == ()


def test_nobody_is_in_copy_of_what_goes_to_them_or_of_a_text_message() -> None:
    reach = MAIL._replace(copy="desk@alpina.example")
    assert routes_of("order.shipped", (), reach)[0].cc == ()
    assert routes_of("order.shipped", (Preference("*", "sms"),), reach)[0].cc == ()


def test_a_partner_with_an_agreement_speaks_edi() -> None:
    assert Partner(1, "A", "A", email="x@y.example", agreements=(Agreement("A", "14", "B", "14"),)).told_of("*") == ()


@pytest.mark.parametrize(
    ("preference", "reach", "key"),
    [
        (Preference("*", "edi"), MAIL, "channel"),
        (Preference("delivery.tomorrow", "edi"), EDI, "channel"),
        (Preference("*", "mail"), Reach(), "to"),
        (Preference("*", "mail"), Reach(email="not an address"), "to"),
        (Preference("*", "sms"), Reach(phone="ask for Ada"), "to"),
        (Preference("*", "push"), MAIL, "to"),
        (Preference("*", "mail", ("a@b.example", "a@b.example\r\nBcc: x@y.example")), MAIL, "to"),
        (Preference("*", "mail", cc=("nobody",)), MAIL, "cc"),
        (Preference("*", "sms", ("+43 1 234",)), MAIL, "to"),
        (Preference("*", "sms", cc=("+431234567",)), MAIL, "cc"),
        (Preference("*", "push", ("a\nb",)), MAIL, "to"),
    ],
)
def test_a_preference_that_cannot_be_followed_is_told_with_its_key(
    preference: Preference, reach: Reach, key: str
) -> None:
    assert [(one.place, one.key) for one in misfits([Preference("*", "none"), preference], reach)] == [(1, key)]


@pytest.mark.parametrize(
    "preference",
    [
        Preference("order.confirmed", "edi"),
        Preference("*", "edi"),
        Preference("*", "none"),
        Preference("*", "mail"),
        Preference("*", "sms", ("+4366412345678",)),
        Preference("*", "push", ("device-token:1",)),
    ],
)
def test_a_preference_that_can_be_followed_is_none_of_them(preference: Preference) -> None:
    assert list(misfits([preference], EDI)) == []


@pytest.mark.parametrize(
    "text",
    ["", "a", "@b.example", "a@b", "a@b.example,c@d.example", "A <a@b.example>", "a@bü.example", "a b@c.example",
     "a@b.example\n", "a@b.example\r\nBcc:c@d.example", "x" * 65 + "@b.example"],
)  # fmt: skip
def test_what_is_no_plain_address_is_none(text: str) -> None:
    assert not is_mail_address(text)


def test_a_phone_number_loses_its_marks() -> None:
    assert phone_number("+43 (1) 234-567/8.9") == "+43123456789"
    assert phone_number("12345") == ""
