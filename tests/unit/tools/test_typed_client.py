"""The names and types that the client makes of an OpenAPI document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))

from typed_client.methods import methods
from typed_client.naming import class_name, field_name, parameter_name
from typed_client.schemas import python_type, uses
from typed_client.shapes import shapes

REFERENCE = "#/components/schemas/"


def schema(*keys: str, **more: Any) -> dict[str, Any]:
    return {"type": "object", "title": "T", "properties": {key: {"type": "string"} for key in keys} | more}


def document(sent: str, answered: str, **schemas: Any) -> dict[str, Any]:
    def content(name: str) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": {"$ref": REFERENCE + name}}}}

    told = {
        "operationId": "do_it",
        "tags": ["things"],
        "summary": "Do it",
        "requestBody": {"required": True, **content(sent)},
        "responses": {"200": content(answered)},
    }
    return {"paths": {"/api/v1/things": {"post": told}}, "components": {"schemas": schemas}}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("OrderShape", "OrderShape"),
        ("ReportShape_CycleTimeShape_", "CycleTimeReport"),
        ("gateway__web__shapes__queue__StepShape", "QueueStepShape"),
    ],
)
def test_a_schema_becomes_a_class(given: str, name: str) -> None:
    assert class_name(given) == name


def test_names_that_python_has_get_a_mark() -> None:
    assert [parameter_name(name) for name in ("from", "type", "state")] == ["from_", "type_", "state"]
    assert field_name("class") == "class_"
    with pytest.raises(ValueError, match="etag"):
        field_name("etag")


@pytest.mark.parametrize(
    ("given", "sent", "told"),
    [
        ({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}, False, "Exact"),
        ({"anyOf": [{"type": "number"}, {"type": "string"}], "ge": 0}, True, "Exact"),
        ({"type": "string", "enum": ["a", "b"]}, True, 'Literal["a", "b"]'),
        ({"type": "string", "enum": ["a", "b"]}, False, "str"),
        ({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}, True, "AwareDatetime | None"),
        ({"type": "array", "items": {"$ref": REFERENCE + "HoldShape"}}, False, "list[HoldShape]"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, False, "dict[str, int]"),
        ({}, False, "Any"),
    ],
)
def test_a_schema_becomes_a_type(given: dict[str, Any], told: str, *, sent: bool) -> None:
    assert python_type(given, sent=sent) == told


def test_a_part_of_a_body_and_of_an_answer_is_lenient() -> None:
    part = {"part": {"$ref": REFERENCE + "Part"}}
    made = document("Ask", "Told", Ask=schema(**part), Told=schema(**part), Part=schema("name"))
    assert uses(made).sent == {"Ask"}
    written = shapes(made)["things.py"]
    assert "class Part(Answer):" in written
    assert "class Ask(Body):" in written
    assert "def do_it(self, body: Ask, *, idempotency_key: str | None = None) -> Told:" in methods(made)["things.py"]
    compile(written, "things.py", "exec")


def test_a_body_that_is_an_answer_too_is_refused() -> None:
    with pytest.raises(ValueError, match="sent and answered: Ask"):
        uses(document("Ask", "Ask", Ask=schema("name")))


def test_a_family_that_several_subjects_use_has_a_file_of_its_own() -> None:
    """So that what they share stays short enough to be read."""
    told = document("Asked", "ThingShape", Asked=schema("a"), ThingShape=schema(shop={"$ref": REFERENCE + "ShopShape"}))
    other = document("More", "ThingShape", More=schema("b"))["paths"]["/api/v1/things"]["post"]
    told["paths"]["/api/v1/others"] = {"post": other | {"tags": ["others"], "operationId": "do_more"}}
    told["components"]["schemas"] |= {"More": schema("b"), "ShopShape": schema("c")}
    assert uses(told).subjects["ShopShape"] == "shop_order"
    files = shapes(told)
    assert "class ShopShape(Answer):" in files["shop_order.py"]
    assert "from gateway.client.shapes.shop_order import ShopShape" in files["common.py"]
