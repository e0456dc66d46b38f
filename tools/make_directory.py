"""Write the compact directory tables that the EDIFACT reader ships.

    python tools/make_directory.py FOLDER [--out adapters/edi/directory/data]

FOLDER holds one folder a directory release (``D96A/segments.json``, ``composites.json``, ``elements.json``,
``codes.json``, ``messages/ORDERS.json``) and ``service/v3.json`` and ``service/v4.json`` with the service segments
and CONTRL. Only what the listed messages reach is kept. Code lists keep their codes, not their long names.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

#: directory release -> messages that the reader reads
RELEASES = {"D96A": ("ORDERS",), "D01B": ("ORDERS",)}
NOTICE = "Contains UN/EDIFACT directory data (c) United Nations (UN/CEFACT)"
SERVICE_SEGMENTS = {
    "UNH": "Message header",
    "UNS": "Section control",
    "UNT": "Message trailer",
    "UCI": "Interchange response",
    "UCF": "Group response",
    "UCM": "Message response",
    "UCS": "Segment error indication",
    "UCD": "Data element error indication",
}
SERVICE_ELEMENTS = {
    "0004": "Interchange sender",
    "0010": "Interchange recipient",
    "0013": "Segment tag",
    "0020": "Interchange control reference",
    "0051": "Controlling agency",
    "0052": "Message version number",
    "0054": "Message release number",
    "0057": "Association assigned code",
    "0062": "Message reference number",
    "0065": "Message type",
    "0068": "Common access reference",
    "0074": "Number of segments in a message",
    "0081": "Section identification",
    "0083": "Action",
    "0085": "Syntax error",
    "0096": "Segment position in message",
    "0098": "Erroneous data element position",
    "0104": "Erroneous component position",
}


def tags_of(entries: list[Any]) -> set[str]:
    """Return the segment tags of a message table, groups included."""
    found: set[str] = set()
    for entry in entries:
        found |= tags_of(entry["c"]) if isinstance(entry, dict) else {entry[0]}
    return found


def narrow(tables: dict[str, Any], tags: set[str]) -> dict[str, Any]:
    """Return the parts of *tables* that *tags* reach, in a stable order."""
    segments = {tag: tables["segments"][tag] for tag in sorted(tags) if tag in tables["segments"]}
    reached = {item[0] for segment in segments.values() for item in segment["e"]}
    composites = {key: tables["composites"][key] for key in sorted(reached) if key in tables["composites"]}
    reached |= {item[0] for composite in composites.values() for item in composite["e"]}
    elements = {key: tables["elements"][key] for key in sorted(reached) if key in tables["elements"]}
    codes = {key: " ".join(sorted(tables["codes"][key])) for key in elements if key in tables["codes"]}
    return {
        "segments": {
            tag: {"n": _title(segment["n"]), **_flags(segment), "e": segment["e"]} for tag, segment in segments.items()
        },
        "composites": composites,
        "elements": {key: [_title(element["n"]), element["f"]] for key, element in elements.items()},
        "codes": codes,
    }


def _title(name: str) -> str:
    return name.capitalize() if name.isupper() else name


def _flags(segment: dict[str, Any]) -> dict[str, Any]:
    return {"open": True} if segment.get("open") else {}


def service_tables(folder: Path) -> dict[str, Any]:
    """Return the service segments that messages use: the wider of syntax 3 and 4, UCx open at the end.

    Syntax 4 appends security elements to the UCx segments, which the reader passes over.
    """
    v3, v4 = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("v3", "v4"))
    segments = v3["segments"] | v4["segments"]
    return {
        "segments": {
            tag: {"n": name, "open": tag.startswith("UC"), "e": segments[tag]} for tag, name in SERVICE_SEGMENTS.items()
        },
        "composites": {key: {"n": "", "e": items} for key, items in (v3["composites"] | v4["composites"]).items()},
        "elements": {
            key: {"n": SERVICE_ELEMENTS.get(key, ""), "f": element["f"]}
            for key, element in (v3["elements"] | v4["elements"]).items()
        },
        "codes": {"0083": v3["codes"]["0083"]},
        "messages": v3["messages"],
    }


def write(out: Path, name: str, messages: dict[str, Any], tables: dict[str, Any], tags: set[str]) -> None:
    """Write one table file, one line an entry so that a change is readable."""
    content = {"directory": name, "notice": NOTICE, "messages": messages, **narrow(tables, tags)}
    parts = []
    for key, value in content.items():
        if isinstance(value, dict):
            rows = ",\n".join(f" {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in value.items())
            parts.append(f"{json.dumps(key)}: {{\n{rows}\n}}")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    (out / f"{name}.json").write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Write the tables of all releases and of the service segments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "adapters/edi/directory/data")
    arguments = parser.parse_args()
    service = service_tables(arguments.folder / "service")
    write(arguments.out, "service", {"CONTRL": service["messages"]["CONTRL"]}, service, set(SERVICE_SEGMENTS))
    for release, types in RELEASES.items():
        folder = arguments.folder / release
        tables = {
            name: json.loads((folder / f"{name}.json").read_text("utf-8"))
            for name in ("segments", "composites", "elements", "codes")
        }
        messages = {
            kind: json.loads((folder / f"messages/{kind}.json").read_text("utf-8"))["segments"] for kind in types
        }
        write(arguments.out, release, messages, tables, set().union(*map(tags_of, messages.values())))


if __name__ == "__main__":
    main()
