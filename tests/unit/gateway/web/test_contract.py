"""Endpoints are declared by their handlers' annotations; a declaration that does not fit fails at import."""

import pytest
from pydantic import BaseModel

from gateway.web.binding import pointer
from gateway.web.call import Call
from gateway.web.contract import JSON_LIMIT, RAW_LIMIT, Answer, Contract, ContractBroken
from gateway.web.openapi import describe, refusals
from gateway.web.shapes.common import DecimalText, Request, Shape


class NumberPath(Request):
    number: str


class Body(Request):
    price: DecimalText


class Reply(Shape):
    price: str


def test_a_handler_is_its_endpoint() -> None:
    contract = Contract("orders")

    @contract.post("/orders/{number}", scope="submit", answers={201: Reply}, refusals=(409,))
    async def change(call: Call, *, path: NumberPath, body: Body) -> Answer:
        """Change it.

        In two
        lines.
        """
        raise NotImplementedError(call, path, body)

    (endpoint,) = contract.endpoints
    assert (endpoint.name, endpoint.summary, endpoint.description) == ("change", "Change it", "In two lines.")
    assert endpoint.parts == {"path": NumberPath, "body": Body}
    assert (endpoint.raw_body, endpoint.body_limit, endpoint.body_required) == (False, JSON_LIMIT, True)
    assert refusals(endpoint) == [400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 503]

    operation = describe([endpoint], version="1")["paths"]["/orders/{number}"]["post"]
    assert operation["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Body"}
    number, key = operation["parameters"]
    assert number == {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}
    assert key == {"$ref": "#/components/parameters/Idempotency-Key"}
    assert operation["security"] == [{"key": ["submit"]}]


def test_a_raw_body_is_bytes() -> None:
    contract = Contract("documents")

    @contract.post("/documents", scope="submit", answers={202: Reply})
    async def take(call: Call, *, body: bytes) -> Answer:
        """Take it."""
        raise NotImplementedError(call, body)

    (endpoint,) = contract.endpoints
    assert (endpoint.raw_body, endpoint.body_limit, endpoint.takes_body) == (True, RAW_LIMIT, True)
    content = describe([endpoint], version="1")["paths"]["/documents"]["post"]["requestBody"]["content"]
    assert content["application/octet-stream"]["schema"]["format"] == "binary"


async def without_docstring(call: Call) -> Answer:
    raise NotImplementedError(call)


async def without_call(path: NumberPath) -> Answer:
    """No call."""
    raise NotImplementedError(path)


async def positional(call: Call, path: NumberPath) -> Answer:
    """Not by name."""
    raise NotImplementedError(call, path)


async def odd_part(call: Call, *, cookies: NumberPath) -> Answer:
    """No such part."""
    raise NotImplementedError(call, cookies)


async def other_path(call: Call, *, path: NumberPath) -> Answer:
    """Another placeholder."""
    raise NotImplementedError(call, path)


@pytest.mark.parametrize(
    ("path", "handler", "reason"),
    [
        ("/x", without_docstring, "docstring"),
        ("/x/{number}", without_call, "one Call"),
        ("/x/{number}", positional, "keyword-only"),
        ("/x", odd_part, "cookies"),
        ("/x/{id}", other_path, "id"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused(path: str, handler: object, reason: str) -> None:
    with pytest.raises(ContractBroken, match=reason):
        Contract("x").get(path, answers={200: Reply})(handler)  # type: ignore[arg-type]


def test_pointers_are_escaped() -> None:
    assert pointer(("lines", 0, "a/b~c")) == "/lines/0/a~1b~0c"
    assert pointer(()) == ""


def test_models_of_requests_refuse_unknown_keys() -> None:
    assert issubclass(Body, BaseModel)
    assert Body.model_config["extra"] == "forbid"
