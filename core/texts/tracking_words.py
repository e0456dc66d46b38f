"""Tells customers where their order is, in their language: its status, and what carriers report (LNG-01).

``tracking/<language>.toml`` has the words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from core.texts.catalogue import LANGUAGES


class TrackingWords(NamedTuple):
    """The words of one language: ``statuses`` of an order as its customer may know it, ``events`` of its goods."""

    statuses: Mapping[str, str]
    events: Mapping[str, str]


@lru_cache(maxsize=len(LANGUAGES))
def tracking_words(language: str) -> TrackingWords:
    """Return the words of one of ``LANGUAGES``; they are read when they are first asked for."""
    with (Path(__file__).parent / "tracking" / f"{language}.toml").open("rb") as file:
        return TrackingWords(**tomllib.load(file))


def told_where(tracked: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what is *tracked* of an order with ``status_text`` beside each status, its own and that of each event.

    An event that there are no words for is told as news of the carrier.
    """
    words = tracking_words(language)
    other = words.events["unknown"]
    shipments = [
        {**one, "events": [{**each, "status_text": words.events.get(each["status"], other)} for each in one["events"]]}
        for one in tracked["shipments"]
    ]
    return {**tracked, "status_text": words.statuses[tracked["status"]], "shipments": shipments}
