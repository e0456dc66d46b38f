"""Templates in use: the rule that chooses, the writing, and the version that is kept with what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from core.notices.templates import Choice, choose
from core.ports import Attachment, NoticeWriter, WrittenNotice
from core.store import templates as rows
from core.store.blobs import BlobStore
from core.store.engine import Tx
from gateway.paths import Home
from gateway.settings import Settings

if TYPE_CHECKING:
    from adapters.documents.adapter import TemplateWriter

Json = dict[str, Any]


class KeepingWriter(NoticeWriter, Protocol):
    """A writer of notices that gives away what its words are made of, and writes from that again."""

    def content(self, notice: str, written: WrittenNotice) -> Mapping[str, Any] | None:
        """Return what *written* was made of besides its facts, JSON-ready; None where that has changed meanwhile."""
        ...

    def rewrite(self, name: str, content: Mapping[str, Any], facts: Mapping[str, Any]) -> WrittenNotice:
        """Return the notice that the *content* of the template *name* makes of *facts*."""
        ...


class Written(NamedTuple):
    """A notice in words, and what chose its template."""

    notice: WrittenNotice
    rule: str


def writer_of(home: Home, settings: Settings) -> TemplateWriter:
    """Return the writer over the templates of *home*, with the fonts that its settings name."""
    from adapters.documents.adapter import ADAPTER  # noqa: PLC0415 - its libraries cost 100 ms that few starts need

    fonts = settings.documents.fonts
    return ADAPTER.writer(home.templates, home.root / fonts if fonts else None)


class TemplateDesk:
    """Chooses templates by rule, writes by them, and keeps each version that something was written by."""

    def __init__(self, make_writer: Callable[[], KeepingWriter], blobs: BlobStore) -> None:
        self._make_writer = make_writer
        self._blobs = blobs

    @cached_property
    def _writer(self) -> KeepingWriter:
        """The writer, made with the first notice: see :func:`writer_of`."""
        return self._make_writer()

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

        The files that ``attachments`` of the facts name by their blobs go with it.

        Raises:
            ValueRefused: no such template, or it names a fact that there is not.
        """
        choice = self.choose(tx, notice, facts, preferred=preferred)
        written = self._writer.write(notice, facts, template=choice.name, language=language)
        return Written(self._with_files(written, facts), choice.rule)

    def keep(self, tx: Tx, notice: str, written: WrittenNotice, at: datetime) -> None:
        """Keep the template that *notice* was written by, so that it can be made again from its facts."""
        content = self._writer.content(notice, written)
        if content is not None:
            rows.keep_version(tx, written.version, name=written.template, content=content, at=at)

    def write_again(self, tx: Tx, version: str, facts: Mapping[str, Any]) -> WrittenNotice:
        """Return a notice in the words of a *version* that was kept.

        Raises:
            NotFound: nothing was written by that version.
        """
        name, content = rows.kept_version(tx, version)
        return self._with_files(self._writer.rewrite(name, content, facts), facts)

    def _with_files(self, written: WrittenNotice, facts: Mapping[str, Any]) -> WrittenNotice:
        files = [
            Attachment(one["name"], one["media_type"], self._blobs.get(one["sha256"]))
            for one in facts.get("attachments") or ()
        ]
        return written._replace(attachments=(*written.attachments, *files)) if files else written
