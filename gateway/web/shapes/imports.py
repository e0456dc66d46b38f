"""Files of orders that are placed in the background, and named maps of their columns."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.batch import CellFaultShape
from gateway.web.shapes.common import Paging, PartnerCode, Request, Shape

ImportId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]
MapName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,69}$")]
#: printable, and no way into another folder for who saves it
FileName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f/\\]+$")]
ImportState = Literal["queued", "reading", "placing", "paused", "done", "cancelled", "failed"]
RowStatus = Literal["waiting", "placed", "held", "refused", "cancelled"]


class ImportPath(Request):
    """Which import."""

    id: ImportId


class UploadQuery(Request):
    """By which map the file is read, whose orders it has, and whether they are placed."""

    map: MapName = Field(description="the map of columns: the partner's own of that name, or else the house's")
    partner: PartnerCode | None = Field(None, description="whose orders they are, where the rows do not name it")
    filename: FileName = Field("orders", description="how the file is called")
    dry_run: bool = Field(False, description="check every row and place nothing")


class ImportsQuery(Paging):
    """Which imports."""

    partner: PartnerCode | None = None
    state: ImportState | None = None


class RowsQuery(Paging):
    """Which rows."""

    status: RowStatus | None = None


class CountsShape(Shape):
    """How many were read, and what became of them."""

    read: int
    placed: int = Field(description="in a dry run: that would be")
    held: int = Field(description="placed, and held for a person")
    refused: int
    waiting: int
    cancelled: int


class MapVersion(Shape):
    """Which version of a named map the file is read by."""

    name: str
    version: int


class ImportProblem(Shape):
    """Why an import failed as a whole; nothing of it was placed."""

    code: str
    message: str
    hint: str


class FileImportShape(Shape):
    """A file of orders and how far it is."""

    id: str
    state: ImportState
    dry_run: bool
    progress: int = Field(description="how many of a hundred orders have come to their end; 100 when it is done")
    rows: CountsShape
    orders: CountsShape
    filename: str
    size: int = Field(description="bytes")
    sha256: str
    map: MapVersion | None = Field(description="null where the map was sent with the file")
    partner: str | None
    created_by: str
    created_at: str
    moved_at: str = Field(description="when something happened last")
    ended_at: str | None
    problem: ImportProblem | None


class ImportRowShape(Shape):
    """A row of a file, and what became of its order."""

    row: int = Field(description="as a person counts it: the titles are row 1")
    status: RowStatus
    buyer_reference: str | None
    number: str | None
    order_state: str | None
    holds: list[str]
    faults: list[CellFaultShape] = Field(description="of this row; an order is refused when one of its rows has any")
    cells: list[str]


class MapPath(Request):
    """Which map."""

    name: MapName


class MapOwnerQuery(Request):
    """Whose map it is."""

    partner: PartnerCode | None = Field(None, description="without it the house's own, which serves every partner")


class MapsQuery(Paging, MapOwnerQuery):
    """Whose maps."""


class MapRequest(Request):
    """What a map of columns says."""

    map: dict[str, Any] = Field(
        description="`columns`, `constants`, `decimal`, `date`, ..., as in a map of the command"
    )


class MapShape(Shape):
    """A map of columns at its newest version."""

    name: str
    partner: str | None
    version: int
    map: dict[str, Any]
    changed_by: str
    changed_at: str
