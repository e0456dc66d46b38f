"""The client has every operation of the committed OpenAPI document, and calls each as the document has it.

Issue 5 part 1: an operation without a typed method, or another shape, is a failure.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from gateway.client import Ordergate, Page, operations, shapes
from gateway.client.connection import Connection, Reply, Request
from gateway.client.values import Answer, Body

HERE = Path(__file__)
DOCUMENT: Mapping[str, Any] = json.loads((HERE.parents[1] / "web" / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS = {
    told["operationId"]: (method.upper(), path, told)
    for path, methods in DOCUMENT["paths"].items()
    if path.startswith(("/api/v1/", "/health/"))
    for method, told in methods.items()
}
#: kept by the client for every call, or set from an argument of another name
OWN_HEADERS = {"Accept", "Accept-Language", "Idempotency-Key", "Last-Event-ID"}


class Stopped(Exception):
    """The request was seen."""


@pytest.fixture(scope="module")
def client() -> Ordergate:
    return Ordergate("https://orders.example.com", "og_key")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    seen: list[Request] = []

    def send(_: Connection, request: Request) -> Reply:
        seen.append(request)
        raise Stopped

    monkeypatch.setattr(Connection, "send", send)
    monkeypatch.setattr(Connection, "open", send)
    return seen


def test_the_made_files_are_what_the_document_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(HERE.parents[4] / "tools")
    import make_client  # noqa: PLC0415 - a script beside the packages

    assert make_client.main(["--check"]) == 0, capsys.readouterr().out


def test_the_client_has_the_operations_and_no_other() -> None:
    methods = {name for name, _ in inspect.getmembers(operations.Operations, inspect.isfunction) if name[0] != "_"}
    files = {name for name in methods - OPERATIONS.keys() if name.removesuffix("_csv") in OPERATIONS}
    assert methods - files == OPERATIONS.keys()
    assert len(OPERATIONS) > 150


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_method_calls_its_operation(name: str, client: Ordergate, asked: list[Request]) -> None:
    method, path, told = OPERATIONS[name]
    parameters = [one for one in told.get("parameters", []) if "$ref" not in one]
    with pytest.raises(Stopped):
        list(getattr(client, name)(**_arguments(name)))  # the event stream asks when it is iterated
    request = asked[0]
    assert request.method == method
    assert re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), request.path)
    assert set(request.query) == {one["name"] for one in parameters if one["in"] == "query"}
    assert {one["name"] for one in parameters if one["in"] == "header"} <= OWN_HEADERS
    assert (request.key is not None) == (method == "POST")
    assert ("If-Match" in request.headers) == ("428" in told["responses"])
    content = told.get("requestBody", {}).get("content", {})
    assert request.content is None or request.content[0] in content
    if told.get("requestBody", {}).get("required"):
        assert request.content is not None


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name != "events"])
def test_a_method_gives_what_its_operation_answers(name: str) -> None:
    _, _, told = OPERATIONS[name]
    hint = get_type_hints(getattr(Ordergate, name))["return"]
    contents = [response.get("content", {}) for status, response in told["responses"].items() if status < "300"]
    schemas = {_named(content) for content in contents} - {""}
    if not schemas:
        assert hint is (bytes if any(contents) else type(None))
    elif (page := next(iter(schemas))).startswith("Page_"):
        assert hint.__origin__ is Page
        assert hint.__args__[0].__name__ == page.removeprefix("Page_").removesuffix("_").rpartition("__")[2]
    else:
        kinds = [hint] if isinstance(hint, type) else list(hint.__args__)
        assert sorted(map(_keys, kinds)) == sorted(map(_promised, schemas))


def _named(content: Mapping[str, Any]) -> str:
    """Return the schema of the JSON of an answer, "" where it is something else."""
    return str(content.get("application/json", {}).get("schema", {}).get("$ref", "")).rpartition("/")[2]


def _keys(shape: type[Answer]) -> list[str]:
    return sorted(field.alias or key for key, field in shape.model_fields.items())


def _promised(schema: str) -> list[str]:
    return sorted(DOCUMENT["components"]["schemas"][schema].get("properties", {}))


def test_every_shape_can_be_built() -> None:
    """Their checks are built when they are first used, so that an import stays quick; here all are."""
    found = [shape for _, shape in inspect.getmembers(shapes, inspect.isclass) if issubclass(shape, (Answer, Body))]
    assert len(found) > 200
    for shape in found:
        assert shape.model_rebuild(force=True)


def _arguments(name: str) -> dict[str, Any]:
    """Return an argument of the right type for every parameter of the method."""
    method = getattr(Ordergate, name)
    hints = get_type_hints(method)
    return {key: _sample(hints[key]) for key in list(inspect.signature(method).parameters)[1:]}


def _sample(hint: Any) -> Any:
    kinds = [kind for kind in getattr(hint, "__args__", ()) if kind is not type(None)]
    if hint in (str, int, bool, bytes) or isinstance(hint, type):
        if issubclass(hint, Body):
            return hint.model_construct()
        return {int: 2026, bytes: b"x", bool: True}.get(hint) or ("x" if hint is str else _built(hint))
    return kinds[0] if isinstance(kinds[0], str) else _sample(kinds[0])


def _built(kind: type) -> Any:
    """Return some decimal, day or instant."""
    import datetime as dt  # noqa: PLC0415 - named by the hints alone
    from decimal import Decimal  # noqa: PLC0415 - as above

    return {
        Decimal: Decimal(1),
        dt.date: dt.date(2026, 1, 31),
        dt.datetime: dt.datetime(2026, 1, 31, tzinfo=dt.UTC),
    }[kind]
