"""Write the tables of the UN/EDIFACT directories that the reader ships.

    python tools/make_directory.py FOLDER [--out adapters/edi/directory/data] [--check]

FOLDER holds one folder a directory release (``D96A/segments.json``, ``composites.json``, ``elements.json``,
``codes.json``, ``messages/ORDERS.json``) and ``service/v3.json`` and ``service/v4.json`` with the service segments
and CONTRL. Only what the messages reach is kept, and no definition's text.

The releases are alike for the most part, so each file tells the history of its facts: under the key of a fact stands
one row for every release that changed it. Adding a release adds the rows that differ and leaves the others alone.
The same facts always give the same bytes; ``--check`` writes nothing and tells whether the folder is up to date.
Exit codes: 0 done, 1 out of date (``--check``), 2 unusable facts.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

NOTICE: Final = "Contains UN/EDIFACT directory data (c) United Nations (UN/CEFACT)"
#: units are those of UN/ECE recommendation 20; the one code that D.24A prints here is no list
LISTED_ELSEWHERE: Final = frozenset({"6411"})
PARTS: Final = ("segments", "composites", "elements", "codes")
FORMAT: Final = re.compile(r"(?:a|n|an)(?:\.\.)?[1-9][0-9]*")
#: the bytes of U+FFFD, which stand where a character was lost, and signs of typesetters in plain letters
LOST: Final = b"\xef\xbf\xbd"
PLAIN: Final = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2014": "-", "\xa9": "(c)"})
CODE: Final = re.compile(r"[0-9A-Za-z]{1,6}")

#: what the facts of the service segments lack; a file of the project, not of the folder
SERVICE: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("service_facts.json").read_bytes())


class FactsUnusable(Exception):
    """The folder of facts is not complete or contradicts itself."""


class Facts(NamedTuple):
    """The facts of one release or syntax version, narrowed to what its messages reach.

    Rows are as the data files hold them: ``segments`` and ``composites`` key -> [name, items], ``elements`` id ->
    [name, format], ``messages`` type -> table, ``codes`` element -> code -> name.
    """

    messages: dict[str, str]
    segments: dict[str, list[str]]
    composites: dict[str, list[str]]
    elements: dict[str, list[str]]
    codes: dict[str, dict[str, str]]


def main(arguments: list[str] | None = None) -> int:
    """Write, or with ``--check`` compare, the tables of all releases and of the service segments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the facts: one folder a release, and service/")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "adapters/edi/directory/data")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file would change")
    given = parser.parse_args(arguments)
    try:
        written = render(given.folder)
    except FactsUnusable as fault:
        print(f"{parser.prog}: {fault}", file=sys.stderr)
        return 2
    if given.check:
        stale = [name for name, text in written.items() if _bytes(given.out / name) != text.encode()]
        for name in stale:
            print(f"{given.out / name} is out of date", file=sys.stderr)
        return 1 if stale else 0
    given.out.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (given.out / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def render(folder: Path) -> dict[str, str]:
    """Return the content of every data file by its name.

    Raises:
        FactsUnusable: where *folder* lacks something, or a fact cannot be.
    """
    if not folder.is_dir():
        raise FactsUnusable(f"{folder} is not a folder")
    releases = sorted((path.name for path in folder.iterdir() if re.fullmatch(r"D[0-9]{2}[A-Z]", path.name)), key=_age)
    if not releases:
        raise FactsUnusable(f"{folder} holds no folder of a release such as D96A")
    told = {}
    for name in ("S3", "S4", *releases):
        try:
            told[name] = release_facts(folder / name) if name in releases else service_facts(folder / "service", name)
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            raise FactsUnusable(f"{name}: the facts have another shape than is read here: {fault!r}") from fault
    rows = {part: history(told, part) for part in ("messages", "segments", "composites", "elements")}
    codes, names = code_history(told)
    index = {"notice": NOTICE, "syntaxes": ["S3", "S4"], "releases": releases}
    files = {f"{part}.json": _text(kept) for part, kept in (rows | {"codes": codes, "names": names}).items()}
    return {"releases.json": json.dumps(index, indent=1) + "\n", **files}


def _age(release: str) -> str:
    """Return a key that sorts releases by age: D96A stands for 1996, D01B for 2001."""
    return ("19" if release[1] == "9" else "20") + release[1:]


def release_facts(folder: Path) -> Facts:
    """Return the facts of one directory release."""
    raw = {part: _read(folder / f"{part}.json") for part in PARTS}
    messages = {path.stem: _read(path)["segments"] for path in sorted((folder / "messages").glob("*.json"))}
    if not messages:
        raise FactsUnusable(f"{folder}/messages holds no message")
    for part, key, corrected in CORRECTIONS.get(folder.name, ()):
        if key in raw[part]:
            raw[part][key] = corrected | raw[part][key]
    if folder.name == "D20B" and "IFTSTA" in messages:
        messages["IFTSTA"] = with_contacts_of_parties(messages["IFTSTA"])
    return narrow(folder.name, raw, messages)


#: release -> (part, key, entries) that the source of the facts lost, because the directory prints them misplaced
CORRECTIONS: Final[dict[str, tuple[tuple[str, str, dict[str, str]], ...]]] = {
    "D20B": (("codes", "3035", {"PAD": "Party Administrator"}),),
}


def with_contacts_of_parties(table: list[Any]) -> list[Any]:
    """Return D.20B's IFTSTA with the contacts (CTA) inside the parties (NAD), too.

    The text of that release closes the group of NAD before it; D.24A and every release before D.20B have the contact
    inside. Senders go by either, so both are read.
    """
    starts = [entry["c"][0][0] if isinstance(entry, dict) else entry[0] for entry in table]
    contact = table[starts.index("CTA")]
    return [
        entry | {"c": [*entry["c"], contact]} if isinstance(entry, dict) and start == "NAD" else entry
        for start, entry in zip(starts, table, strict=True)
    ]


def service_facts(folder: Path, syntax: str) -> Facts:
    """Return the service segments, CONTRL and service code lists of ISO 9735 version 3 (``S3``) or 4 (``S4``).

    Versions 1 and 2 have the segments of version 3. CONTRL has one structure in both. Of the code lists those of
    versions, agencies and message types are left out, since they grow without a directory.
    """
    third = _read(folder / "v3.json")
    raw, codes = third, third["codes"]
    if syntax == "S4":
        fourth, more = _read(folder / "v4.json"), SERVICE["syntax_4"]
        raw = {part: fourth[part] | more[part] for part in ("segments", "composites", "elements")}
        codes = {
            key: {code: name for code, name in listed.items() if code not in SERVICE["withdrawn"].get(key, ())}
            | more["codes"].get(key, {})
            for key, listed in codes.items()
        }
    parts = {
        "segments": {tag: {"n": name, "e": raw["segments"][tag]} for tag, name in SERVICE["segments"].items()},
        "composites": {key: {"n": SERVICE["composites"][key], "e": items} for key, items in raw["composites"].items()},
        "elements": {
            key: {"n": SERVICE["elements"][key], "f": element["f"]} for key, element in raw["elements"].items()
        },
        "codes": {key: codes[key] for key in SERVICE["lists"]},
    }
    return narrow(syntax, parts, third["messages"], also=SERVICE["segments"])


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as fault:
        raise FactsUnusable(f"{path} cannot be read: {fault.strerror}") from fault
    except ValueError as fault:
        raise FactsUnusable(f"{path} is not JSON: {fault}") from fault
    if not isinstance(content, dict):
        raise FactsUnusable(f"{path} is not a JSON object")
    return content


def narrow(name: str, raw: dict[str, Any], messages: dict[str, list[Any]], also: Iterable[str] = ()) -> Facts:
    """Return the parts of *raw* that *messages* and the segments *also* reach, each checked on the way."""

    def known(part: str, key: str) -> Any:
        if key not in raw[part]:
            raise FactsUnusable(f"{name}: {key} is used and {part} do not have it")
        return raw[part][key]

    reached = set(also).union(*map(_tags, messages.values()))
    own = reached if also else reached - set(SERVICE["segments"])
    segments = {tag: known("segments", tag) for tag in sorted(own)}
    used = {item[0] for segment in segments.values() for item in segment["e"]}
    composites = {key: known("composites", key) for key in sorted(used) if key[0] in "CS"}
    used |= {item[0] for composite in composites.values() for item in composite["e"]}
    elements = {key: known("elements", key) for key in sorted(used) if key[0] not in "CS"}
    for key, element in elements.items():
        if not FORMAT.fullmatch(element["f"]):
            raise FactsUnusable(f"{name}: {element['f']!r} is not a format, as {key} has")
    codes = {key: raw["codes"][key] for key in elements if raw["codes"].get(key) and key not in LISTED_ELSEWHERE}
    for key, listed in codes.items():
        if wrong := [code for code in listed if not CODE.fullmatch(code)]:
            raise FactsUnusable(f"{name}: {wrong[0]!r} is not a code, as {key} has")
    return Facts(
        {kind: " ".join(_flat(table, f"{name} {kind}")) for kind, table in messages.items()},
        {tag: [_title(segment["n"]), _items(segment["e"], f"{name} {tag}")] for tag, segment in segments.items()},
        {key: [_title(part["n"]), _items(part["e"], f"{name} {key}")] for key, part in composites.items()},
        {key: [_title(element["n"]), element["f"]] for key, element in elements.items()},
        codes,
    )


def _title(name: str) -> str:
    return name.capitalize() if name.isupper() else name


def _tags(table: list[Any]) -> set[str]:
    """Return the segment tags of a message table, groups included."""
    found: set[str] = set()
    for entry in table:
        found |= _tags(entry["c"]) if isinstance(entry, dict) else {entry[0]}
    return found


def _item(key: str, status: Any, times: Any, where: str) -> str:
    """Write one item with its status and, above one, its repeats: ``C507:M``, ``DTM:C35``."""
    if status not in {"M", "C"} or not isinstance(times, int) or times < 1:
        raise FactsUnusable(f"{where}: {key} cannot be {status!r} and stand {times!r} times")
    return f"{key}:{status}{times if times > 1 else ''}"


def _items(items: list[Any], where: str) -> str:
    return " ".join(_item(key, status, times, where) for key, status, times in items)


def _flat(table: list[Any], where: str) -> Iterator[str]:
    """Write a message table as words; ``(:C99`` opens a group and ``)`` closes it."""
    for entry in table:
        if isinstance(entry, dict):
            yield _item("(", entry["s"], entry["r"], where)
            yield from _flat(entry["c"], where)
            yield ")"
        else:
            tag, status, times = entry
            yield _item(tag, status, times, where)


History = dict[str, dict[str, Any]]


def history(told: dict[str, Facts], part: str) -> History:
    """Return key -> release -> row, with a row for every release that changed it; None where it went.

    A row of the syntax never speaks for a release.
    """
    rows: History = {}
    last: dict[tuple[str, str], Any] = {}
    for release, facts in told.items():
        current: dict[str, Any] = getattr(facts, part)
        gone = {key for line, key in last if line == release[0]} - set(current)
        for key, row in [*current.items(), *((key, None) for key in sorted(gone))]:
            if (release[0], key) not in last or last[release[0], key] != row:
                rows.setdefault(key, {})[release] = last[release[0], key] = row
    return dict(sorted(rows.items()))


def code_history(told: dict[str, Facts]) -> tuple[History, History]:
    """Return the code lists and the names of their codes.

    A row of the first is [codes that come, codes that go], the second empty as a rule; of the other, under element
    and code, the name, or release -> name where it changed.
    """
    lists: History = {}
    named: dict[str, dict[str, dict[str, str]]] = {}
    last: dict[tuple[str, str], dict[str, str]] = {}
    for release, facts in told.items():
        for key in facts.elements:
            listed, before = facts.codes.get(key, {}), last.get((release[0], key), {})
            if set(listed) != set(before):
                come, gone = sorted(set(listed) - set(before)), sorted(set(before) - set(listed))
                lists.setdefault(key, {})[release] = [" ".join(come), *([" ".join(gone)] if gone else [])]
            last[release[0], key] = listed
            for code, printed in listed.items():
                spans = named.setdefault(key, {}).setdefault(code, {})
                held = list(spans.values())[-1] if spans else ""
                name = _repaired(printed, held)
                if name != held:
                    spans[release] = name
    names: History = {
        key: {code: spans if len(spans) > 1 else next(iter(spans.values())) for code, spans in sorted(codes.items())}
        for key, codes in sorted(named.items())
    }
    return dict(sorted(lists.items())), names


def _repaired(name: str, before: str) -> str:
    """Return the name of a code with its characters set right; *before* is its name in the release before.

    The directories are printed in the Windows character set and their facts were read in that of DOS. From D.24A on
    the directory itself has lost the characters beyond ASCII; the release before knows them.
    """
    if name.isascii():
        return name
    printed = name.encode("cp437")
    if LOST in printed:
        if not before:
            raise FactsUnusable(f"{name!r} has lost characters that no earlier release knows")
        return before
    return printed.decode("cp1252").translate(PLAIN)


def _text(rows: History) -> str:
    """Return a data file: one line a row, so that a change is readable."""
    lines = [f'{{"notice": {json.dumps(NOTICE)}, "rows": {{']
    for key, kept in rows.items():
        lines.append(f"{json.dumps(key)}: {{")
        lines += [f" {json.dumps(name)}: {json.dumps(row, ensure_ascii=False)}," for name, row in kept.items()]
        lines[-1] = lines[-1][:-1]
        lines.append("},")
    lines[-1] = lines[-1][:-1]
    return "\n".join([*lines, "}}"]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
