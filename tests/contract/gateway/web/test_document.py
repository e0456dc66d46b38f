"""The OpenAPI document walked whole: what every operation owes its callers, so that the next one cannot forget it.

Issue 5, part 1: cursors, versions, keys of repeats, problem answers, decimals as text, sparse fields. An exception
stands in a table here with its reason; one that is no exception any more fails, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.web.app import document

Json = dict[str, Any]
DOCUMENT = document(with_sandbox=True)
OPERATIONS = [
    (method, path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]
IDS = [f"{method.upper()} {path}" for method, path, _ in OPERATIONS]
every_operation = pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)

#: lists that are answered whole, and why they cannot outgrow an answer
WHOLE = {
    "/api/v1/alert-sinks": "as many as the settings name",
    "/api/v1/event-types": "the catalogue of this version",
    "/api/v1/orders/{number}/changes": "of one order; each takes a person or a message of the buyer",
    "/api/v1/orders/{number}/documents": "of one order",
    "/api/v1/orders/{number}/links": "of one order",
    "/api/v1/orders/{number}/notices": "of one order",
    "/api/v1/reports/notices": "a row for each channel",
    "/api/v1/reports/credit-warnings": "one day's report, kept and sent as a whole",
}
#: what is changed without a version, and why no change of another can be lost
WITHOUT_VERSION = {
    "/api/v1/orders/{number}/confirmation/attachments/{attachment}": "a file is never changed: its id is its version",
}
#: JSON numbers with a fraction: measures of machines, which nobody adds up
MEASURES = {
    "AlertSinkShape.again_hours": "how long to wait, as the settings say it",
    "FieldVerdict.box": "places on a page, in its unit",
    "FieldVerdict.confidence": "what a reader says of itself, 0 to 1",
    "OriginShape.box": "places on a page, in its unit",
    "OriginShape.confidence": "what a reader says of itself, 0 to 1",
    "PaperPart.quality": "how well a page can be read, 0 to 1",
    "PaperPartDetail.quality": "how well a page can be read, 0 to 1",
    "ReadPageShape.height": "of a page, in its unit",
    "ReadPageShape.width": "of a page, in its unit",
    "ReadingOfField.box": "places on a page, in its unit",
    "TryShape.seconds": "how long an address took to answer",
}


def resolved(schema: Json) -> Json:
    """Return what *schema* refers to."""
    found: Any = schema
    while "$ref" in found:
        _, *steps = found["$ref"].split("/")
        found = DOCUMENT
        for step in steps:
            found = found[step]
    return dict(found)


def parameters(operation: Json) -> dict[str, Json]:
    return {one["name"]: one for one in map(resolved, operation.get("parameters", []))}


def answered(operation: Json, status: str = "200") -> Json | None:
    """Return the schema of the JSON that is answered, None where it is none."""
    content = resolved(operation["responses"].get(status, {})).get("content", {})
    return resolved(content["application/json"]["schema"]) if "application/json" in content else None


def is_list(operation: Json) -> bool:
    schema = answered(operation)
    return schema is not None and resolved(schema.get("properties", {}).get("items", {})).get("type") == "array"


def within(place: str, schema: Any) -> Iterator[tuple[str, Json]]:
    """Give (place, schema) of all that *schema* is made of."""
    if isinstance(schema, list):
        for part in schema:
            yield from within(place, part)
    elif isinstance(schema, dict):
        yield place, schema
        for name, part in schema.items():
            yield from within(f"{place}.{name}", part)


def schemas() -> Iterator[tuple[str, str, Json]]:
    """Give (model, place, schema) of everything that is sent or answered."""
    for name, model in DOCUMENT["components"]["schemas"].items():
        for place, schema in within("", model):
            yield name, place.removeprefix(".properties."), schema
    for method, path, operation in OPERATIONS:
        for name, parameter in parameters(operation).items():
            for _, schema in within("", parameter["schema"]):
                yield f"{method} {path}", name, schema


@every_operation
def test_a_list_that_can_grow_has_a_cursor(method: str, path: str, operation: Json) -> None:
    if method == "get" and is_list(operation):
        schema = answered(operation) or {}
        paged = {"cursor", "limit"} <= set(parameters(operation)) and "next" in schema["required"]
        assert paged != (path in WHOLE), WHOLE.get(path, "neither pages nor a reason to have none")


@every_operation
def test_what_is_changed_is_changed_in_its_version(method: str, path: str, operation: Json) -> None:
    """If-Match is wanted (428), another version is refused (412), and reading tells the ETag."""
    if method in ("put", "patch", "delete"):
        guarded = "If-Match" in parameters(operation) and {"412", "428"} <= set(operation["responses"])
        assert guarded != (path in WITHOUT_VERSION), WITHOUT_VERSION.get(path, "no If-Match")


@every_operation
def test_whatever_is_versioned_can_be_read_with_its_version(method: str, path: str, operation: Json) -> None:
    if "If-Match" not in parameters(operation):
        return
    above = [path.rsplit("/", steps)[0] for steps in (0, 1, 2)]
    read = [DOCUMENT["paths"][one]["get"] for one in above if "get" in DOCUMENT["paths"].get(one, {})]
    assert any("ETag" in resolved(one["responses"]["200"]).get("headers", {}) for one in read), method


@every_operation
def test_a_post_can_be_repeated(method: str, path: str, operation: Json) -> None:
    """Whoever vouches for itself by a signature has the id of its delivery instead."""
    if method == "post" and operation["security"]:
        assert "Idempotency-Key" in parameters(operation), path
        assert "422" in operation["responses"], "another request with the key"


@every_operation
def test_every_fault_has_a_problem(method: str, path: str, operation: Json) -> None:
    owed = {"500", "503"}
    if operation["security"]:
        owed |= {"401", "403", "429"}
    if operation.get("parameters"):
        owed |= {"422"}
    if "{" in path:
        owed |= {"404"}
    if "requestBody" in operation:
        owed |= {"400", "408", "413", "415", "422"}
    assert owed <= set(operation["responses"]), method
    for status, answer in operation["responses"].items():
        if int(status) >= 400:
            content = resolved(answer)["content"]
            assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}


@every_operation
def test_what_is_read_has_a_version_and_can_be_sparse(method: str, path: str, operation: Json) -> None:
    if method == "get" and operation["security"] and answered(operation) is not None:
        assert {"fields", "If-None-Match"} <= set(parameters(operation)), path
        assert "304" in operation["responses"]
        assert "ETag" in resolved(operation["responses"]["200"])["headers"]


def test_no_decimal_is_a_number() -> None:
    numbers = {f"{model}.{place.split('.')[0]}" for model, place, schema in schemas() if schema.get("type") == "number"}
    assert numbers == set(MEASURES)


def test_a_decimal_has_a_pattern() -> None:
    """By their names: what is said of money and quantities is text that a pattern holds."""
    decimal = re.compile(r"(^|_)(amount|price|total|quantity|cost|percent|rate|margin|credit_limit|on_hand)$")
    bare = {
        f"{model}.{place.split('.')[0]}"
        for model, place, schema in schemas()
        if decimal.search(place.split(".")[0])
        and schema.get("type") == "string"
        and not {"pattern", "enum", "format", "const"} & set(schema)
    }
    assert bare == set()


def test_the_exceptions_are_of_operations_that_there_are() -> None:
    assert {*WHOLE, *WITHOUT_VERSION} <= set(DOCUMENT["paths"])
