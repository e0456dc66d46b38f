"""Writes notices in words from facts, by a template of the shelf."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from adapters.documents.asked import questions
from adapters.documents.engine import render
from adapters.documents.facts import completed
from adapters.documents.formats import Formats
from adapters.documents.pdf import NoPdf, make_pdf
from adapters.documents.templates import Shelf, Template, kept_template
from adapters.documents.view import CONFIRMATIONS, greeting, make_view
from core.ports import Attachment, WrittenNotice

#: the length that a subject is cut to: mail programs show less
_SUBJECT: Final = 200
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


class TemplateWriter:
    """A :class:`core.ports.NoticeWriter` over the templates of one home."""

    def __init__(self, shelf: Shelf, fonts: Path | None) -> None:
        self.shelf = shelf
        self._fonts = fonts

    def write(
        self, notice: str, facts: Mapping[str, Any], *, template: str = "", language: str = "en"
    ) -> WrittenNotice:
        """Return *notice* in words; see :class:`core.ports.NoticeWriter`."""
        return self.write_by(self.shelf.find(template, notice, language), facts)

    def content(self, notice: str, written: WrittenNotice) -> Mapping[str, Any] | None:
        """Return the content of the template that *written* was made by; None where it was edited meanwhile."""
        template = self.shelf.find(written.template, notice, written.language)
        return template.content if template.version == written.version else None

    def rewrite(self, name: str, content: Mapping[str, Any], facts: Mapping[str, Any]) -> WrittenNotice:
        """Return the notice that the kept *content* of the template *name* makes of *facts*."""
        return self.write_by(kept_template(name, content), facts)

    def write_by(self, template: Template, facts: Mapping[str, Any]) -> WrittenNotice:
        """Return the notice of *template* in words, with its PDF where it is a confirmation.

        Raises:
            TemplateFault: the template names a fact that there is not, or cannot be rendered.
        """
        whole = completed(facts)
        words = template.words
        formats = Formats(template.language, whole["company"]["timezone"] or "UTC")
        shown = formats.shown(whole)
        view = make_view(template.notice, whole, shown, words, formats)
        context = {
            **shown,
            "facts": whole,
            "view": view,
            "words": words,
            "language": template.language,
            "greeting": greeting(whole, words),
            "questions": questions(whole["asked"], words, formats),
        }

        def part(name: str, **more: str) -> str:
            return render(name, template.parts, {**context, **more}, name=template.origin.get(name, "") or name)

        subject = " ".join(part("subject").split())[:_SUBJECT]
        body = part("text").strip()
        text = f"{body}\n\n{part('details.txt').strip()}\n"
        html = part("page", subject=subject, body=body)
        attachments: tuple[Attachment, ...] = ()
        remarks: tuple[str, ...] = ()
        if template.notice in CONFIRMATIONS:
            data = {
                "view": view.as_json(), "shown": shown, "facts": whole, "words": dict(words),
                "language": template.language.partition("-")[0],
            }  # fmt: skip
            try:
                pdf = make_pdf(
                    template.parts["document"],
                    data,
                    at=whole["answer"]["answered_at"],
                    fonts=self._fonts,
                    name=template.origin.get("document") or "document",
                )
                attachments = (Attachment(file_name(whole["order"]), "application/pdf", pdf),)
            except NoPdf as reason:
                remarks = (f"no PDF: {reason}",)
        return WrittenNotice(
            template=template.name,
            version=template.version,
            language=template.language,
            subject=subject,
            text=text,
            html=html,
            attachments=attachments,
            remarks=remarks,
        )


def file_name(order: Mapping[str, Any]) -> str:
    """Return the name of a confirmation's file: safe everywhere, one for each revision."""
    number = _UNSAFE.sub("-", str(order["number"] or "order")).strip(".-") or "order"
    return f"confirmation-{number}-{order['revision'] or 1}.pdf"
