"""UNH 0057 of what we send: the version of EANCOM's manual for who writes EANCOM, nothing for the others."""

from __future__ import annotations

import pytest

from adapters.edi.adapter import ADAPTER


@pytest.mark.parametrize(
    ("message_type", "eancom_1997", "eancom_2002"),
    [
        ("APERAK", "", "EAN003"),
        ("DESADV", "EAN005", "EAN007"),
        ("IFTMIN", "EAN002", "EAN004"),
        ("IFTSTA", "EAN002", "EAN004"),
        ("INVOIC", "EAN008", "EAN011"),
        ("INVRPT", "", "EAN007"),
        ("ORDERS", "EAN008", "EAN010"),
        ("ORDRSP", "EAN005", "EAN009"),
        ("CONTRL", "", ""),
    ],
)
def test_each_message_has_the_version_of_its_manual(message_type: str, eancom_1997: str, eancom_2002: str) -> None:
    assert ADAPTER.association(message_type, "96A", "EAN008") == eancom_1997
    assert ADAPTER.association(message_type, "01B", "EAN010") == eancom_2002


def test_every_message_that_we_send_is_spoken_of() -> None:
    told = {name for name in ADAPTER.documents_out if ADAPTER.association(name, "01B", "EAN010")}
    assert told == set(ADAPTER.documents_out) - {"CONTRL"}


@pytest.mark.parametrize("received", ["", "ODETTE", "UN"])
def test_who_does_not_write_eancom_is_not_answered_in_it(received: str) -> None:
    assert ADAPTER.association("ORDRSP", "96A", received) == ""


@pytest.mark.parametrize("release", ["24A", "97A", ""])
def test_eancom_stands_on_two_directories_alone(release: str) -> None:
    assert ADAPTER.association("ORDRSP", release, "EAN008") == ""
