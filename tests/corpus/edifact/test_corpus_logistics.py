"""Despatch advices, receipts, stock reports and statuses of other hands: who would take one, reads one.

The corpus is looked for as in ``test_corpus_orders``, which says so loudly where it is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus_files import files_of, messages_in

from core.documents import DespatchAdvice, InventoryReport, PackageNotice, ReceiptAdvice, StatusReport

KINDS = {"DESADV": DespatchAdvice, "RECADV": ReceiptAdvice, "INVRPT": InventoryReport, "IFTSTA": StatusReport}
FILES = files_of(KINDS)
#: files with a message that nobody could take (their other messages are read), with one of the reasons
REFUSED = {
    # UNA names no terminator, so that a part of the quotes is text
    "Effektor-EDIFACT__message1": "value.too_long",
    # numbers of a package before its PCI
    "Effektor-EDIFACT__message2": "segment.misplaced",
    # more than a thousand million pieces in a line
    "bots-edi-bots-plugins__dutchic_desadv1": "quantity.too_large",
    # a date where the function of the message stands
    "php-edifact-edifact__D96ADESADV": "value.too_long",
    "php-edifact-edifact__example_utf8": "value.too_long",
    # names and places longer than the directory lets
    "smooks-smooks-edi-cartridge__recadv": "value.too_long",
    # X for a number; no consignment at all
    "JoschaMetze-edifact_mapper__21000": "status.empty",
    "JoschaMetze-edifact_mapper__21009": "value.not_numeric",
    "JoschaMetze-edifact_mapper__21024": "value.not_numeric",
    "JoschaMetze-edifact_mapper__21031": "value.not_numeric",
    "JoschaMetze-edifact_mapper__21039": "value.not_numeric",
    # before the directories had letters
    "davidcoles-medici__dom_delv": "message.unsupported",
    "davidcoles-medici__int_delv": "message.unsupported",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_person_would_take_is_read(path: Path) -> None:
    refused = set()
    for decoded in messages_in(path):
        errors = {violation.code for violation in decoded.violations if violation.severity == "error"}
        assert all(violation.offset is not None for violation in decoded.violations)
        if errors:
            assert decoded.document is None
            refused |= errors
        else:
            assert isinstance(decoded.document, KINDS[decoded.span.type])
    reason = REFUSED.get(path.stem)
    assert (reason in refused) if reason else refused == set()


def inside(package: PackageNotice) -> Iterator[PackageNotice]:
    yield package
    for one in package.packages:
        yield from inside(one)


@pytest.mark.parametrize("files", [FILES] if FILES else [])
def test_what_they_say_is_in_the_documents(files: list[Path]) -> None:
    documents = [decoded.document for path in files for decoded in messages_in(path) if decoded.document]
    advices = [document for document in documents if isinstance(document, DespatchAdvice)]
    assert len(advices) >= 20
    packages = [one for advice in advices for package in advice.packages for one in inside(package)]
    items = [item for advice in advices for item in (*advice.items, *(item for box in packages for item in box.items))]
    assert len({package.sscc for package in packages if package.sscc}) >= 4
    assert any(package.packages for advice in advices for package in advice.packages)
    assert sum(package.weight_kg is not None for package in packages) >= 8
    assert all(item.quantity >= 0 for item in items)
    assert {batch.number for item in items for batch in item.batches} >= {"BATCHNUMBERPAC", "BATCHNUMBER", "AB152715"}
    assert any(item.variances for item in items)
    levels = [level for found in documents if isinstance(found, InventoryReport) for level in found.levels]
    assert {level.kind for level in levels} == {"60"}
