"""A mailbox that is opened by an access token (XOAUTH2), on a real server that checks it; issue 6, part 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dovecot import USER, Dovecot, dovecot, token
from token_endpoint import token_endpoint

from core.clock import SystemClock
from core.errors import DeliveryRefused
from gateway.doctor import examine
from gateway.settings import HttpOutSettings
from gateway.transports.imap.mailbox import connected
from gateway.transports.imap.settings import ImapSettings, OAuthSettings
from gateway.transports.imap.tokens import AccessTokens


@pytest.fixture(scope="module")
def imap_server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


def test_a_token_opens_the_mailbox_and_one_that_is_refused_is_asked_for_anew(imap_server: Dovecot) -> None:
    answers = [(200, {"access_token": one, "expires_in": 3600}) for one in (token(seconds=-5), token())]
    with token_endpoint(*answers) as endpoint:
        oauth = OAuthSettings(token_url=endpoint.url, client_id="ordergate", client_secret="gateway-secret-9")
        settings = ImapSettings(
            host="127.0.0.1", port=imap_server.tls_port, user=USER, ca_file=str(imap_server.certificate), oauth=oauth
        )
        tokens = AccessTokens(oauth, HttpOutSettings(allow=["127.0.0.1"]))
        with (
            pytest.raises(DeliveryRefused, match="refuses the token for orders") as raised,
            connected(settings, tokens),
        ):
            pass
        assert "eyJ" not in str(raised.value)
        for _ in range(2):
            with connected(settings, tokens) as connection:
                assert connection.uids() == []
        assert len(endpoint.asked) == 2


def test_the_doctor_asks_for_a_token_and_tells_who_gives_none(
    imap_server: Dovecot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [(200, {"access_token": token()}), (401, {"error": "invalid_client"})]
    with token_endpoint(*answers) as endpoint:
        settings = home / "ordergate.toml"
        more = f"""
[http_out]
allow = ["127.0.0.1"]
[imap]
host = "127.0.0.1"
port = {imap_server.tls_port}
user = "{USER}"
ca_file = "{imap_server.certificate}"
[imap.oauth]
token_url = "{endpoint.url}"
client_id = "ordergate"
"""
        settings.write_text(settings.read_text("utf-8") + more, "utf-8")
        monkeypatch.setenv("ORDERGATE_IMAP__OAUTH__CLIENT_SECRET", "gateway-secret-9")
        good, bad = ({finding.check: finding for finding in examine(home, SystemClock())}["imap"] for _ in range(2))
    assert (good.state, good.detail.partition("; ")[2]) == ("ok", "0 mails wait in INBOX")
    assert (bad.state, bad.advice) == ("fail", "See [imap.oauth].")
    assert "invalid_client" in bad.detail
