"""The pages of the console, added to the web application."""

from __future__ import annotations

from aiohttp import web

from gateway.console import (
    api_page,
    confirmation_page,
    discrepancies_page,
    document_page,
    home,
    live,
    login,
    order_page,
)
from gateway.console.access import SESSIONS
from gateway.console.counts import COUNTS, Counts
from gateway.console.public_pages import public_page, public_problem, received
from gateway.console.rendering import page
from gateway.console.sessions import Sessions
from gateway.console.static_files import static_file
from gateway.web.call import SETTINGS
from gateway.web.problems import ERROR_PAGE, Problem
from gateway.web.routes.public import PUBLIC, PUBLIC_PAGE


def attach(app: web.Application) -> None:
    """Add the console to *app*, which ``gateway.web.app.build`` made."""
    app[SESSIONS] = Sessions(app[SETTINGS].secret)
    app[COUNTS] = Counts()
    app[ERROR_PAGE] = error_page
    app.router.add_get("/", home.home)
    app.router.add_get("/live", live.live_home)
    app.router.add_get("/orders/{number}", order_page.order)
    app.router.add_get("/orders/{number}/live", live.live_order)
    app.router.add_get("/orders/{number}/confirmation", confirmation_page.confirmation)
    app.router.add_post("/orders/{number}/release", order_page.release)
    app.router.add_get(discrepancies_page.PATH, discrepancies_page.discrepancies)
    app.router.add_post(discrepancies_page.PATH + "/{id:[0-9]{1,19}}", discrepancies_page.decide)
    app.router.add_get("/documents/{id}", document_page.document)
    app.router.add_get("/documents/{id}/raw", document_page.document_raw)
    app.router.add_get("/api", api_page.api)
    app.router.add_get("/api/docs", api_page.api)
    app.router.add_get("/api/docs/{subject:[a-z-]+}", api_page.api_subject)
    app.router.add_get("/login", login.login_form)
    app.router.add_post("/login", login.login)
    app.router.add_post("/logout", login.logout)
    app.router.add_get("/static/{name}", static_file)
    app[PUBLIC_PAGE] = public_page
    app.router.add_post(f"{PUBLIC}confirmations/{{token}}/received", received)


def error_page(request: web.Request, problem: Problem) -> web.Response:
    """Show a person what went wrong; customers see nothing of the console."""
    if request.path.startswith(PUBLIC):
        return public_problem(request, problem)
    response = page(request, None, "error.html", status=problem.status, problem=problem)
    response.headers.extend(problem.headers)
    return response
