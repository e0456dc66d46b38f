"""The error tree as problem documents (RFC 9457)."""

import inspect

import pytest
from aiohttp import web

from core import errors
from core.provenance import Level, Violation, fault
from core.texts.catalogue import catalogue
from gateway.web.problems import MEDIA_TYPE, STATUS, of_crash, of_error, of_http, title_of, violation_json

CLASSES = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, errors.OrdergateError) and cls is not errors.ValidationFailed
]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_has_a_status_with_a_title(kind: type[errors.OrdergateError]) -> None:
    problem = of_error(kind())
    assert problem.status in catalogue("en").problems
    assert problem.status >= 400
    if problem.status != 500:
        assert problem.code == kind.code
        assert problem.detail == inspect.getdoc(kind)


def test_a_class_stands_before_its_parents() -> None:
    for place, (kind, _) in enumerate(STATUS):
        assert not any(issubclass(kind, earlier) for earlier, _ in STATUS[:place]), kind


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound(), 404),
        (errors.Conflict(), 409),
        (errors.Unauthenticated(), 401),
        (errors.Forbidden(), 403),
        (errors.IdempotencyMismatch(), 422),
        (errors.ValueOutOfRange(), 422),
        (errors.SettingsInvalid(), 400),
        (errors.StoreUnavailable(), 503),
        (errors.StorageFull(), 507),
        (errors.OutcomeUnknown(), 502),
        (errors.InstallationBroken(), 500),
    ],
)
def test_statuses(error: errors.OrdergateError, status: int) -> None:
    assert of_error(error).status == status


def test_a_refusal_tells_its_inputs_and_what_helps() -> None:
    problem = of_error(errors.Conflict("held", inputs={"holds": ["price.mismatch"]}, hint="Release them."))
    body = problem.as_json("/api/v1/orders/1/confirm")
    assert body["inputs"] == {"holds": ["price.mismatch"]}
    assert body["hint"] == "Release them."
    assert body["type"] == "urn:ordergate:problem:state.conflict"
    assert body["instance"] == "/api/v1/orders/1/confirm"


def test_what_may_work_later_says_when_to_come_back() -> None:
    assert of_error(errors.StoreUnavailable()).headers["Retry-After"] == "1"
    assert "Retry-After" not in of_error(errors.NotFound()).headers
    assert of_error(errors.Unauthenticated()).headers["WWW-Authenticate"].startswith("Bearer")


def test_violations_carry_a_place_in_the_body_or_in_the_interchange() -> None:
    edifact = Violation("x", "wrong", level=Level.ELEMENT, segment=4, tag="QTY", element=1, offset=210, value="0")
    json = Violation("item.unknown", "no such item", level=Level.ELEMENT, tag="/lines/0/sku", value="NOPE")
    problem = of_error(errors.ValidationFailed([edifact, json]))
    first, second = problem.as_json("/")["violations"]
    assert (first["segment"], first["tag"], first["offset"], first["pointer"]) == (4, "QTY", 210, None)
    assert (second["tag"], second["pointer"], second["value"]) == (None, "/lines/0/sku", "NOPE")
    assert violation_json(edifact) == first


def test_title_and_violations_are_told_in_the_language_asked_for() -> None:
    refused = of_error(errors.ValidationFailed([fault("order.reference_missing"), Violation("x", "in no catalogue")]))
    german = refused.as_json("/", "de")
    assert german["title"] == title_of(422, "de") == "Der Inhalt verletzt eine Regel"
    (first, second), (english, _) = german["violations"], refused.as_json("/")["violations"]
    assert first["message"] == fault("order.reference_missing").told("de").message != english["message"]
    assert second["message"] == "in no catalogue"


def test_a_status_without_a_title_of_its_own_is_a_request_that_cannot_be_read() -> None:
    assert title_of(418, "zh") == title_of(400, "zh")


def test_a_crash_tells_a_reference_and_nothing_else() -> None:
    problem = of_crash(RuntimeError("password=hunter2"))
    assert problem.status == 500
    assert "hunter2" not in str(problem.as_json("/"))
    assert str(problem.extra["reference"]) in problem.hint


def test_errors_of_the_server_keep_what_they_allow() -> None:
    problem = of_http(web.HTTPMethodNotAllowed("DELETE", ["GET"]))
    assert (problem.status, problem.code, problem.headers["Allow"]) == (405, "method.not_allowed", "GET")
    assert MEDIA_TYPE == "application/problem+json"
