"""Templates to text: one environment, everything escaped, a missing name is an error."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import gateway
from gateway.console import words
from gateway.console.access import SESSIONS, Visitor, keep_visit
from gateway.web.call import SETTINGS

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"


@cache
def asset(name: str) -> str:
    """Return the address of a static file; it changes with the content, so that it can be cached for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@cache
def environment() -> Environment:
    """Return the one template environment."""
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters.update(
        label=words.label,
        tone=words.tone,
        moment=words.moment,
        amount=words.amount,
        price=words.price,
        sentence=words.sentence,
        message_name=words.message_name,
        billing=words.billing,
        order_state=words.order_state,
    )
    templates.globals.update(asset=asset, steps=words.steps, version=gateway.__version__)
    return templates


def render(template: str, /, **names: Any) -> Markup:
    """Return *template* filled with *names*."""
    # The template escaped every value; Markup says so when a fragment is put into a page.
    return Markup(environment().get_template(template).render(**names))  # noqa: S704


def page(
    request: web.Request, visitor: Visitor | None, template: str, /, *, status: int = 200, **names: Any
) -> web.Response:
    """Return a whole page; with a visitor it also keeps their visit, so that its forms hold."""
    text = render(
        template,
        visitor=visitor,
        sandbox=request.app[SETTINGS].sandbox,
        token=request.app[SESSIONS].form_token(visitor.session_id) if visitor else "",
        **names,
    )
    response = web.Response(status=status, text=str(text), content_type="text/html")
    if visitor is not None:
        keep_visit(request, response, visitor.session_id)
    return response
