"""A document that another one names."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class DocumentReference(NamedTuple):
    """The number of a document, whose number it is (UN data element 1153), a line in it and its date."""

    qualifier: str
    number: str
    line: int | None = None
    date: datetime | None = None
