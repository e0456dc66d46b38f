# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject imports."""

from __future__ import annotations

from typing import Any

from gateway.client.shapes.common import CellFaultShape
from gateway.client.values import Answer, Body

__all__ = [
    "FileImportShape",
    "ImportProblem",
    "ImportRowShape",
    "ImportsCountsShape",
    "MapRequest",
    "MapShape",
    "MapVersion",
]


class ImportsCountsShape(Answer):
    """How many were read, and what became of them."""

    read: int
    #: in a dry run: that would be
    placed: int
    #: placed, and held for a person
    held: int
    refused: int
    waiting: int
    cancelled: int


class MapVersion(Answer):
    """Which version of a named map the file is read by."""

    name: str
    version: int


class ImportProblem(Answer):
    """Why an import failed as a whole; nothing of it was placed."""

    code: str
    message: str
    hint: str


class FileImportShape(Answer):
    """A file of orders and how far it is."""

    id: str
    state: str
    dry_run: bool
    #: how many of a hundred orders have come to their end; 100 when it is done
    progress: int
    rows: ImportsCountsShape
    orders: ImportsCountsShape
    filename: str
    #: bytes
    size: int
    sha256: str
    #: null where the map was sent with the file
    map: MapVersion | None
    partner: str | None
    created_by: str
    created_at: str
    #: when something happened last
    moved_at: str
    ended_at: str | None
    problem: ImportProblem | None


class ImportRowShape(Answer):
    """A row of a file, and what became of its order."""

    #: as a person counts it: the titles are row 1
    row: int
    status: str
    buyer_reference: str | None
    number: str | None
    order_state: str | None
    holds: list[str]
    #: of this row; an order is refused when one of its rows has any
    faults: list[CellFaultShape]
    cells: list[str]


class MapRequest(Body):
    """What a map of columns says."""

    #: `columns`, `constants`, `decimal`, `date`, ..., as in a map of the command
    map: dict[str, Any]


class MapShape(Answer):
    """A map of columns at its newest version."""

    name: str
    partner: str | None
    version: int
    map: dict[str, Any]
    changed_by: str
    changed_at: str
