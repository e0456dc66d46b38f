"""The pages that links of notices open: in the customer's language, without the console, without a script."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.texts.catalogue import LANGUAGES
from gateway.console.public_pages import words_of
from gateway.web.testing import MemoryGateway
from gateway.web.testing_notices import TOKEN

CONFIRMATION, TRACK = f"/public/confirmations/{TOKEN}", f"/public/track/{TOKEN}"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
async def client(closed_console: TestServer) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(closed_console) as opened:
        yield opened


async def page(client: TestClient, path: str, language: str = "en", status: int = 200) -> str:
    answer = await client.get(path, headers=HTML | {"Accept-Language": language})
    assert answer.status == status
    assert answer.content_type == "text/html"
    return await answer.text()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Where is my order?", "in transit", "10 March 2026")),
     ("de-AT", ("meine Bestellung?", "unterwegs", "10.3.2026")),
     ("zh-CN", ("我的订单在哪里", "运输中", "2026年3月10日")),
     ("fr", ("Where is my order?", "in transit", "10 March 2026"))],
)  # fmt: skip
async def test_the_way_of_an_order_is_told_in_the_language_of_the_browser(
    client: TestClient, language: str, words: tuple[str, ...]
) -> None:
    """CNF-18, LNG-01."""
    text = await page(client, TRACK, language)
    assert all(word in text for word in (*words, "SBX1", "Graz", "2026-SR-000001"))
    assert f'lang="{language[:2] if language != "fr" else "en"}"' in text


async def test_a_confirmation_shows_its_lines_escaped_and_a_button(client: TestClient) -> None:
    """CNF-10."""
    text = await page(client, CONFIRMATION)
    assert "Cup &lt;b&gt;" in text
    assert f'action="{CONFIRMATION}/received"' in text
    assert f'src="{CONFIRMATION}/seen.gif"' in text


async def test_the_button_says_that_it_arrived(client: TestClient, memory: MemoryGateway) -> None:
    """CNF-10."""
    answer = await client.post(f"{CONFIRMATION}/received", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, CONFIRMATION)
    assert memory.notice_desk.seen == [(TOKEN, "button")]
    assert "Thank you" in await page(client, CONFIRMATION)
    other = await client.post(f"/public/confirmations/{'u' * 43}/received")
    assert other.status == 404


@pytest.mark.parametrize("path", [TRACK, CONFIRMATION])
async def test_a_public_page_has_no_script_and_nothing_of_the_console(client: TestClient, path: str) -> None:
    text = await page(client, path)
    assert "<script" not in text
    assert not re.search(r"\bon[a-z]+=|style=", text)
    assert "Ordergate" not in text
    assert 'href="/"' not in text


@pytest.mark.parametrize("path", ["/public/track/", "/public/confirmations/"])
async def test_what_a_link_does_not_open_goes_nowhere_either(client: TestClient, path: str) -> None:
    """Issue 5, part 5: the answer to a wrong token is kept by nobody and listed nowhere, for people and programs."""
    for headers in ({}, HTML):
        for method in ("GET", "HEAD"):
            answer = await client.request(method, path + "u" * 43, headers=headers)
            assert answer.status == 404
            assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == (
                "no-store",
                "noindex, nofollow",
            )
            assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/public/track/", "/public/confirmations/"])
async def test_a_link_that_opens_nothing_says_so(client: TestClient, path: str) -> None:
    text = await page(client, path + "u" * 43, "de", status=404)
    assert "Dieser Link öffnet nichts" in text
    assert 'href="/"' not in text
    answer = await client.get(path + "u" * 43)
    assert (answer.status, answer.content_type) == (404, "application/problem+json")
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_every_language_has_every_word() -> None:
    """LNG-01."""
    shapes = [
        {key: sorted(value) if isinstance(value, dict) else "" for key, value in words_of(language).items()}
        for language in LANGUAGES
    ]
    assert all(shape == shapes[0] for shape in shapes)
