"""Envelopes of what we send: the received one turned round, else the partner's first agreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.documents import Party
from core.partners.model import Agreement, Company, Partner
from core.ports import Envelope
from core.store.replies import Addressed
from core.testing.trade import MONDAY
from gateway.dispatcher import BACKOFF, _backoff
from gateway.rendering import file_name, make_envelope, reference_sequence, reference_text

US = Company("Muster", "4054321000009", "4054321", "", "DE", "UTC", "EUR", Party("SU"))
PARTNER = Partner(7, "ACME", "Acme", gln="4012345000009", agreements=(Agreement("THEM", "ZZ", "WE", "14"),))
FOLLOWS = Addressed("THEIR-ID", "1", "OUR-ID", "2", "UNOA:1", "D.01B", "EAN010")


def envelope(follows: Addressed | None, partner: Partner = PARTNER, *, test: bool = False) -> Envelope:
    def association(message_type: str, release: str, received: str) -> str:
        return f"{message_type}/{release}/{received}"

    return make_envelope(
        "ORDRSP", "000042", follows, partner, company=US, association=association, now=MONDAY, test=test
    )


def test_an_answer_turns_the_received_envelope_round() -> None:
    one = envelope(FOLLOWS)
    assert (one.sender, one.sender_qualifier, one.recipient, one.recipient_qualifier) == (
        "OUR-ID",
        "2",
        "THEIR-ID",
        "1",
    )
    assert (one.charset, one.syntax_version) == ("UNOA", "1")
    assert (one.version, one.release, one.association) == ("D", "01B", "ORDRSP/01B/EAN010")
    assert (one.control_reference, one.prepared_at, one.test) == ("000042", MONDAY, False)


def test_what_we_send_on_our_own_goes_by_the_agreement() -> None:
    one = envelope(None)
    assert (one.sender, one.sender_qualifier, one.recipient, one.recipient_qualifier) == ("WE", "14", "THEM", "ZZ")
    assert (one.charset, one.syntax_version) == ("UNOC", "3")
    assert (one.version, one.release, one.association) == ("D", "96A", "ORDRSP/96A/")


def test_the_agreed_character_set_wins() -> None:
    agreed = Partner(7, "ACME", "Acme", agreements=(replace(PARTNER.agreements[0], charset="UNOY"),))
    assert envelope(FOLLOWS, agreed).charset == "UNOY"


def test_a_partner_without_an_identity_is_addressed_by_its_gln() -> None:
    one = envelope(None, Partner(7, "ACME", "Acme", gln="4012345000009"))
    assert (one.sender, one.recipient, one.recipient_qualifier) == (US.gln, "4012345000009", "14")


def test_an_order_of_another_channel_has_no_directory_to_follow() -> None:
    one = envelope(FOLLOWS._replace(version="", association=""))
    assert (one.version, one.release) == ("D", "96A")


def test_the_test_flag_is_carried() -> None:
    assert envelope(FOLLOWS, test=True).test is True


def test_references_and_file_names() -> None:
    assert [reference_text(serial) for serial in (1, 999_999, 1_000_000)] == ["000001", "999999", "1000000"]
    assert file_name("CONTRL", "000001") == "CONTRL_000001.edi"
    assert reference_sequence(7) == "control-reference:7"


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (4, 8), (7, 60), (8, 60), (1000, 60)])
def test_each_failure_waits_longer_up_to_a_minute(attempts: int, seconds: int) -> None:
    assert _backoff(attempts) == timedelta(seconds=seconds)
    assert list(BACKOFF) == sorted(BACKOFF)
