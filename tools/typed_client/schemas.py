"""Which schemas belong to which subject, and the Python type of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

from typed_client.naming import class_name

Json = Mapping[str, Any]

#: what several subjects use
COMMON: Final = "common"
#: families of it that have a file of their own, by how their schemas begin
_ROOMS: Final = {"Draft": "draft_content", "Shop": "shop_order"}
#: all that several subjects use
SHARED: Final = frozenset({COMMON, *_ROOMS.values()})
#: the event stream is no answer: ``gateway.client.stream`` reads it
APART: Final = frozenset({"events"})
_OURS: Final = ("/api/v1/", "/health/")
_REFERENCE: Final = "#/components/schemas/"
_PLAIN: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_FORMATS: Final = {"date-time": "AwareDatetime", "date": "dt.date", "duration": "dt.timedelta"}
#: the patterns of ``gateway.web.shapes.common`` for decimals
_DECIMALS: Final = (r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$", r"^-?[0-9]+(\.[0-9]+)?$")


class Operation(NamedTuple):
    """One operation of the document."""

    method: str
    path: str
    told: Json

    @property
    def name(self) -> str:
        """The name that it has in the document, and as a method."""
        return str(self.told["operationId"])

    @property
    def tag(self) -> str:
        """Its subject."""
        return str(self.told["tags"][0])

    @property
    def answers(self) -> dict[str, str]:
        """The schemas of its JSON answers by the first status that each comes with."""
        found: dict[str, str] = {}
        for status, response in sorted(self.told["responses"].items()):
            schema = response.get("content", {}).get("application/json", {}).get("schema") if status < "300" else None
            name = str(schema["$ref"]).removeprefix(_REFERENCE) if schema else None
            if name is not None and name not in found.values():
                found[status] = name
        return found

    @property
    def body(self) -> str | None:
        """The schema of its JSON body."""
        schema = self.told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        return str(schema["$ref"]).removeprefix(_REFERENCE) if schema else None


def operations(document: Json) -> list[Operation]:
    """Return the operations that the client has, in the order of the document."""
    return [
        Operation(method.upper(), path, told)
        for path, methods in document["paths"].items()
        if path.startswith(_OURS)
        for method, told in methods.items()
        if told["operationId"] not in APART
    ]


def item_of(document: Json, schema: str) -> str | None:
    """Return the schema of the items of the page *schema*, None where it is no page."""
    if not schema.startswith("Page_"):
        return None
    return str(document["components"]["schemas"][schema]["properties"]["items"]["items"]["$ref"]).removeprefix(
        _REFERENCE
    )


class Uses(NamedTuple):
    """Where schemas are used: the subject of each, and which of them are sent."""

    subjects: Mapping[str, str]
    sent: AbstractSet[str]


def uses(document: Json) -> Uses:
    """Return the subject of every schema that the client needs, and those that it only sends.

    The client is strict with what it sends and lenient with what is answered; a part of both is answered.

    Raises:
        ValueError: a whole body is an answer too.
    """
    tags: defaultdict[str, set[str]] = defaultdict(set)
    sent: set[str] = set()
    answered: set[str] = set()
    for operation in operations(document):
        bodies = [operation.body] if operation.body else []
        for schema, kind in [(name, sent) for name in bodies] + [
            (name, answered) for name in operation.answers.values()
        ]:
            for name in _reached(document, schema):
                tags[name].add(operation.tag)
                kind.add(name)
    if both := {operation.body for operation in operations(document)} & answered:
        raise ValueError(f"sent and answered: {', '.join(map(str, both))}")
    subjects = {
        name: next(iter(found)) if len(found) == 1 else _room(name)
        for name, found in tags.items()
        if item_of(document, name) is None
    }
    return Uses(subjects, sent - answered)


def _room(name: str) -> str:
    """Return the file of a schema that several subjects use."""
    return next((room for start, room in _ROOMS.items() if class_name(name).startswith(start)), COMMON)


def references(schema: Any) -> Iterator[str]:
    """Yield the schemas that *schema* names."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield str(schema["$ref"]).removeprefix(_REFERENCE)
        for part in schema.values():
            yield from references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from references(part)


def _reached(document: Json, start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += references(document["components"]["schemas"][name])
    return found


def python_type(schema: Json, *, sent: bool) -> str:
    """Return the annotation of *schema*. What is *sent* is exact; what is answered may say new words."""
    if "$ref" in schema:
        told = class_name(str(schema["$ref"]).removeprefix(_REFERENCE))
    elif "anyOf" in schema:
        told = _union([python_type(part, sent=sent) for part in schema["anyOf"]])
    elif "const" in schema or "enum" in schema:
        values = [schema["const"]] if "const" in schema else schema["enum"]
        told = f"Literal[{', '.join(map(_quoted, values))}]" if sent else "str"
    elif schema.get("type") == "array":
        told = f"list[{python_type(schema['items'], sent=sent)}]"
    elif schema.get("type") == "object":
        inner = schema.get("additionalProperties", True)
        told = f"dict[str, {python_type(inner, sent=sent) if isinstance(inner, dict) else 'Any'}]"
    elif schema.get("pattern") in _DECIMALS:
        told = "Exact"
    else:
        told = _FORMATS.get(schema.get("format", "")) or _PLAIN.get(schema.get("type", ""), "Any")
    return told


def _union(kinds: list[str]) -> str:
    if kinds == ["float", "str"]:  # what pydantic takes for a decimal
        return "Exact"
    if "str" in kinds:
        kinds = [kind for kind in kinds if not kind.startswith("Literal[")]
    return " | ".join(dict.fromkeys(kinds))


def _quoted(value: object) -> str:
    return '"' + str(value).replace('"', '\\"') + '"' if isinstance(value, str) else repr(value)
