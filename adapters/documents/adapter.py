"""The public face of the documents: the writer of notices over the templates of a home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from adapters.documents import pdf
from adapters.documents.engine import TemplateFault
from adapters.documents.samples import sample
from adapters.documents.templates import DEFAULT, DEFAULT_LANGUAGES, Shelf, Template, kept_template
from adapters.documents.writer import TemplateWriter

__all__ = ["ADAPTER", "DocumentAdapter", "Template", "TemplateFault", "TemplateWriter"]


@dataclass(frozen=True, slots=True)
class DocumentAdapter:
    """What the gateway takes from here."""

    id: str
    label: str
    #: the name of the templates that come along, and the languages that they have
    default: str
    languages: tuple[str, ...]

    def writer(self, templates: Path | None, fonts: Path | None = None) -> TemplateWriter:
        """Return a writer over the folder *templates*, with the fonts of the folder *fonts* for PDFs."""
        return TemplateWriter(Shelf(templates), fonts)

    def sample(self, notice: str) -> Mapping[str, Any]:
        """Return facts of *notice* as they might be, to try a template with."""
        return sample(notice)

    def kept(self, name: str, content: Mapping[str, Any]) -> Template:
        """Return the template whose content was kept."""
        return kept_template(name, content)

    def makes_pdf(self) -> bool:
        """Tell whether PDFs can be made here."""
        return pdf.available()


ADAPTER: Final = DocumentAdapter("documents", "Notices and documents", DEFAULT, DEFAULT_LANGUAGES)
