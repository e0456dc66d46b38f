"""What templates a home has, by which rules they are chosen, and whether they can be rendered."""

from __future__ import annotations

from typing import Any

from adapters.documents.adapter import ADAPTER, TemplateFault, TemplateWriter
from core.errors import ValueRefused
from core.ports import NOTICES
from core.store import templates as rows
from core.store.engine import Tx

Json = dict[str, Any]


def list_templates(tx: Tx, writer: TemplateWriter) -> Json:
    """Return ``{"templates", "rules"}``: each template with its files, each rule with whether its template is there."""
    templates: list[Json] = [
        {"name": ADAPTER.default, "languages": list(ADAPTER.languages), "files": [], "fault": None}
    ]
    for name in writer.shelf.names():
        try:
            files = writer.shelf.files(name)
        except ValueRefused as fault:
            templates.append({"name": name, "languages": [], "files": [], "fault": fault.message})
            continue
        languages = sorted({language for paths in files.values() for language in paths})
        named = sorted(path.name for paths in files.values() for path in paths.values())
        templates.append({"name": name, "languages": languages, "files": named, "fault": None})
    known = {one["name"] for one in templates}
    rules = [{**rule._asdict(), "known": rule.name in known} for rule in rows.template_rules_of(tx)]
    return {"templates": templates, "rules": rules}


def check_templates(tx: Tx, writer: TemplateWriter, name: str = "") -> Json:
    """Return ``{"ok", "tried", "faults"}`` of every template, or of one, tried with facts as they might be.

    Each is tried for the notices that a rule names for it, all where none does, in every language that it has.

    Raises:
        ValueRefused: there is no template of that *name*.
    """
    if name and name != ADAPTER.default:
        writer.shelf.files(name)  # refuses a name that there is not
    rules = rows.template_rules_of(tx)
    faults: list[Json] = []
    tried = 0
    names = [name] if name else [ADAPTER.default, *writer.shelf.names()]
    for template in names:
        named = {rule.notice for rule in rules if rule.name == template}
        notices = [notice for notice in NOTICES if not named or "*" in named or notice in named]
        try:
            own = () if template == ADAPTER.default else writer.shelf.files(template).values()
        except ValueRefused as fault:
            faults.append(_fault(template, "", "", fault))
            continue
        for language in sorted({*ADAPTER.languages, *(one for paths in own for one in paths)}):
            for notice in notices:
                tried += 1
                try:
                    writer.write(notice, ADAPTER.sample(notice), template=template, language=language)
                except ValueRefused as fault:
                    faults.append(_fault(template, notice, language, fault))
    missing = [rule for rule in rules if not name and rule.name not in names]
    faults += [
        {
            "template": rule.name, "notice": rule.notice, "language": "", "part": "", "line": 0, "column": 0,
            "reason": f"the rule {rule.words} names a template that there is not",
        }
        for rule in missing
    ]  # fmt: skip
    return {"ok": not faults, "tried": tried, "faults": _distinct(faults)}


def _fault(template: str, notice: str, language: str, fault: ValueRefused) -> Json:
    told = fault.inputs if isinstance(fault, TemplateFault) else {}
    return {
        "template": template,
        "notice": notice,
        "language": language,
        "part": told.get("part", ""),
        "line": told.get("line", 0),
        "column": told.get("column", 0),
        "reason": told.get("reason", fault.message),
    }


def _distinct(faults: list[Json]) -> list[Json]:
    """Return *faults* without those that one and the same place of one file has for other notices, too."""
    found: dict[tuple[Any, ...], Json] = {}
    for fault in faults:
        place = tuple(fault[key] for key in ("template", "part", "line", "column", "reason"))
        found.setdefault(place, fault)
    return list(found.values())
