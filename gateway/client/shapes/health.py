# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject health."""

from __future__ import annotations

from gateway.client.values import Answer

__all__ = ["Alive", "Ready"]


class Alive(Answer):
    """The process answers."""

    status: str


class Ready(Answer):
    """Whether work can be taken, by part."""

    status: str
    checks: dict[str, str]
