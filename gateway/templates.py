"""Templates in use: the rule that chooses, the writing, and the version that is kept with what was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from adapters.documents.adapter import ADAPTER, TemplateFault, TemplateWriter
from core.errors import ValueRefused
from core.notices.templates import Choice, choose
from core.ports import NOTICES, WrittenNotice
from core.store import templates as rows
from core.store.engine import Tx
from gateway.paths import Home
from gateway.settings import Settings

Json = dict[str, Any]


class Written(NamedTuple):
    """A notice in words, and what chose its template."""

    notice: WrittenNotice
    rule: str


def writer_of(home: Home, settings: Settings) -> TemplateWriter:
    """Return the writer over the templates of *home*, with the fonts that its settings name."""
    fonts = settings.documents.fonts
    return ADAPTER.writer(home.templates, home.root / fonts if fonts else None)


class TemplateDesk:
    """Chooses templates by rule, writes by them, and keeps each version that something was written by."""

    def __init__(self, writer: TemplateWriter) -> None:
        self._writer = writer

    def choose(self, tx: Tx, notice: str, facts: Mapping[str, Any], *, preferred: str = "") -> Choice:
        """Return which template writes *notice* for the partner and order of *facts*, and why."""
        partner, order = facts.get("partner") or {}, facts.get("order") or {}
        return choose(
            rows.template_rules_of(tx),
            notice=notice,
            partner=partner.get("code") or "",
            group=partner.get("group") or "",
            order_type=order.get("type") or "",
            preferred=preferred,
        )

    def write(
        self, tx: Tx, notice: str, facts: Mapping[str, Any], *, preferred: str = "", language: str = "en"
    ) -> Written:
        """Return *notice* in words by the template that is *preferred* or that a rule chooses; nothing is kept.

        Raises:
            ValueRefused: no such template, or it names a fact that there is not.
        """
        choice = self.choose(tx, notice, facts, preferred=preferred)
        return Written(self._writer.write(notice, facts, template=choice.name, language=language), choice.rule)

    def keep(self, tx: Tx, notice: str, written: WrittenNotice, at: datetime) -> None:
        """Keep the template that *notice* was written by, so that it can be made again from its facts."""
        template = self._writer.shelf.find(written.template, notice, written.language)
        if template.version == written.version:  # else it was edited this very moment, and the version stays unknown
            rows.keep_version(tx, written.version, name=written.template, content=template.content, at=at)

    def write_again(self, tx: Tx, version: str, facts: Mapping[str, Any]) -> WrittenNotice:
        """Return a notice in the words of a *version* that was kept.

        Raises:
            NotFound: nothing was written by that version.
        """
        name, content = rows.kept_version(tx, version)
        return self._writer.write_by(ADAPTER.kept(name, content), facts)


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
