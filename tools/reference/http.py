"""The HTTP API, endpoint by endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reference.markdown import code, page, table


def openapi() -> Mapping[str, Any]:
    """Return the OpenAPI document that the API itself gives, the sandbox included."""
    from gateway.web.app import document  # noqa: PLC0415 - so that pages fail singly

    return document(with_sandbox=True)


def http() -> str:
    """Every endpoint, with its scope, parameters and answers."""
    document = openapi()
    sections = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            scopes = [scope for way in operation.get("security", []) for needed in way.values() for scope in needed]
            access = f"Scope {code(scopes[0])}" if scopes else "A key" if operation.get("security") else "Open to all"
            parameters = [
                (code(parameter["name"]), parameter["in"], parameter.get("description", ""))
                for parameter in _told(document, operation.get("parameters", []))
            ]
            answers = ", ".join(operation["responses"])
            sections.append(
                "\n\n".join(
                    part
                    for part in (
                        f"## {method.upper()} {path}",
                        operation.get("summary", "") + ".",
                        operation.get("description", ""),
                        table(("parameter", "in", "meaning"), parameters) if parameters else "",
                        f"{access}. Answers: {answers}.",
                    )
                    if part
                )
            )
    return page(
        "HTTP API",
        document["info"]["description"],
        "The whole contract, with every shape, is the OpenAPI 3.1 document [openapi.json](openapi.json), which a "
        "running gateway gives at `GET /api/v1/openapi.json`.",
        *sections,
    )


def _told(document: Mapping[str, Any], parameters: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Give *parameters* with those that are told once in place of the references to them."""
    for parameter in parameters:
        name = parameter.get("$ref", "").rpartition("/")[2]
        yield document["components"]["parameters"][name] if name else parameter


def openapi_json() -> str:
    """Return the OpenAPI document as it is committed."""
    return json.dumps(openapi(), indent=2, ensure_ascii=False) + "\n"
