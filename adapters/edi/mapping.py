"""The seam between the reader and the messages: how one message type becomes a canonical document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from adapters.edi.directory.captures import Readers
from core.provenance import Violation


class Mapping(NamedTuple):
    """How one message type is read, in every release that has a table for it.

    ``readers`` say which values of which segments are taken. They fill what ``collect`` makes, with plain texts on the
    fast path and with ``Placed`` ones where faults or sources are asked for. ``assemble`` makes the document of it,
    given the decimal mark of the dialect: None where a fault of severity error leaves none; its violations have a
    place where the texts do.
    """

    readers: Readers
    collect: Callable[[], Any]
    assemble: Callable[[Any, str], tuple[Any, list[Violation]]]
