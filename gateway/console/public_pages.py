"""The pages that links of notices open: for customers, without anything of the console, in their language (LNG-01)."""

from __future__ import annotations

import asyncio
import tomllib
from datetime import date
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from core.errors import NotFound
from gateway.console.rendering import render
from gateway.web.call import OPERATIONS
from gateway.web.languages import wanted_language
from gateway.web.limits import charge_failure, charge_visit
from gateway.web.problems import Problem
from gateway.web.routes.public import PRIVATE, Json

_WORDS: Final = Path(__file__).with_name("texts")


def public_page(request: web.Request, page: str, facts: Json | None) -> web.Response:
    """Show *facts* on the page of that name; None is a link that opens nothing, 404."""
    language = wanted_language(request.headers.get("Accept-Language", ""))
    template = "public/gone.html" if facts is None else f"public/{page}.html"
    text = render(
        template,
        facts=facts,
        words=words_of(language),
        language=language,
        day=lambda value: _day(value, language),
        token=request.match_info.get("token", ""),
    )
    status = 404 if facts is None else 200
    headers = PRIVATE | {"Content-Language": language, "Vary": "Accept, Accept-Language"}
    return web.Response(status=status, text=str(text), content_type="text/html", headers=headers)


def public_problem(request: web.Request, problem: Problem) -> web.Response:
    """Tell what went wrong with a public page: to a browser that the link opens nothing, else a problem document."""
    if problem.status == HTTPStatus.NOT_FOUND and "text/html" in request.headers.get("Accept", ""):
        return public_page(request, "", None)
    response = problem.response(request)
    response.headers.update(PRIVATE)
    return response


async def received(request: web.Request) -> web.StreamResponse:
    """Take the button under a confirmation: somebody says that it arrived."""
    charge_visit(request)
    token = request.match_info["token"]
    try:
        # The token is the right to press it; there is no session that a foreign form could use.
        await asyncio.to_thread(request.app[OPERATIONS].notice_desk.saw, token, "button")
    except NotFound:
        charge_failure(request)
        raise
    raise web.HTTPSeeOther(f"/public/confirmations/{token}", headers=PRIVATE)


@cache
def words_of(language: str) -> dict[str, Any]:
    """Return what the pages say in *language*."""
    return tomllib.loads((_WORDS / f"{language}.toml").read_text(encoding="utf-8"))


def _day(value: str | None, language: str) -> str:
    """Return an ISO day, or the day of an instant, as readers of *language* write it."""
    if not value:
        return ""
    day = date.fromisoformat(value[:10])
    if language == "de":
        return f"{day.day}.{day.month}.{day.year}"
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"
