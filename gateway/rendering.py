"""Renders outbox rows: the answers of one group become the bytes of one interchange, with its control reference.

Notices are rendered elsewhere (``gateway.notice_rendering``); the type of the row chooses who does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from core.billing.credit_note import credit_note_document
from core.billing.document import invoice_document
from core.clock import Clock
from core.documents import Outbound
from core.errors import OrdergateError
from core.fulfilment.advice import despatch_advice
from core.messaging import acknowledge, reports
from core.messaging.replies import OrderResponses
from core.partners.model import Company, Partner
from core.ports import Encoder, Envelope
from core.store import replies
from core.store.counters import next_in_sequence
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company, partner_by_id
from core.store.outbox import Unrendered

#: UNB 0002; a partner that names another is answered in the usual one
_SYNTAX_VERSIONS = ("1", "2", "3", "4")
#: message type, release and the association code received -> the one that is sent
Association = Callable[[str, str, str], str]


class Draft(NamedTuple):
    """What was rendered, before it is stored, and where it goes.

    ``patience`` is how long its acknowledgement is waited for.
    """

    endpoint: str
    type: str
    control_reference: str
    filename: str
    content: bytes
    patience: timedelta | None = None


class Drafting(Protocol):
    """Makes the bytes of outbox rows."""

    def draft(self, tx: Tx, group: Sequence[Unrendered], cache: MasterCache) -> Draft | None:
        """Render *group*, rows that go out together; None where there is nowhere to go."""
        ...


class RendererByType:
    """Hands each group to whoever renders rows of its type: those named, else the usual one."""

    def __init__(self, usual: Drafting, others: Mapping[str, Drafting]) -> None:
        self._usual = usual
        self._others = others

    def draft(self, tx: Tx, group: Sequence[Unrendered], cache: MasterCache) -> Draft | None:
        """Render *group*."""
        return self._others.get(group[0].type, self._usual).draft(tx, group, cache)


class Renderer:
    """Makes the bytes; it stores nothing but the control reference that it takes."""

    def __init__(self, *, encoder: Encoder, association: Association, clock: Clock) -> None:
        self._encoder = encoder
        self._association = association
        self._clock = clock

    def draft(self, tx: Tx, group: Sequence[Unrendered], cache: MasterCache) -> Draft | None:
        """Encode the messages of *group*, which share one interchange; None where the partner has no EDI identity."""
        first = group[0]
        company, partner = our_company(tx, cache), partner_by_id(tx, cache, first.partner_id)
        envelope = self._envelope(tx, first, company, partner)
        if envelope is None:
            return None
        content = self._encoder.encode(envelope, self._documents(tx, group, cache, partner))
        reference = envelope.control_reference
        patience = patience_of(partner, envelope.recipient, first.type)
        name = file_name(first.type, reference)
        return Draft(f"folders/{partner.code}/out", first.type, reference, name, content, patience)

    def _envelope(self, tx: Tx, row: Unrendered, company: Company, partner: Partner) -> Envelope | None:
        follows = replies.addressed(tx, interchange_id=row.interchange_id, order_id=row.order_id)
        if follows is None and partner.agreement is None:
            return None
        if follows is not None and row.type == reports.REPORT:  # what it reports on may be no order
            said = row.said
            follows = follows._replace(version=said["version"], association=said["association"])
        return make_envelope(
            row.type,
            reference_text(next_in_sequence(tx, reference_sequence(partner.id))),
            follows,
            partner,
            company=company,
            association=self._association,
            now=self._clock.now(),
            test=row.test,
        )

    def _documents(
        self, tx: Tx, group: Sequence[Unrendered], cache: MasterCache, partner: Partner
    ) -> Sequence[Outbound]:
        message_type, company = group[0].type, our_company(tx, cache)
        if message_type == "CONTRL":
            return [acknowledge.from_payload(row.said) for row in group]
        if message_type == reports.REPORT:
            return [reports.from_payload(row.said, self._clock.now()) for row in group]
        if message_type == "ORDRSP":
            credit = cache.rules.book.credit
            return OrderResponses(tx, group, company=company, partner=partner, rules=credit, at=self._clock.now())
        if message_type == "DESADV":
            return [despatch_advice(tx, int(row.said["shipment_id"])) for row in group]
        if message_type == "INVOIC":
            return [_invoice(tx, row.said) for row in group]
        raise OrdergateError(f"no message of type {message_type} can be rendered")


def _invoice(tx: Tx, said: Mapping[str, Any]) -> Outbound:
    """Return the invoice or the credit note of an outbox row."""
    if "credit_note_id" in said:
        return credit_note_document(tx, int(said["credit_note_id"]))
    return invoice_document(tx, int(said["invoice_id"]))


def reference_sequence(partner_id: int) -> str:
    """Return the name of the gap-free sequence that a partner's control references come from."""
    return f"control-reference:{partner_id}"


def reference_text(serial: int) -> str:
    """Return a control reference as UNB 0020 and the file name carry it (at most 14 characters)."""
    return f"{serial:06d}"


def file_name(message_type: str, reference: str) -> str:
    """Return the name of an outbound file."""
    return f"{message_type}_{reference}.edi"


def patience_of(partner: Partner, recipient: str, message_type: str) -> timedelta | None:
    """Return how long *partner* may take to acknowledge what goes to its identity *recipient*; None to wait not."""
    own = next((one for one in partner.agreements if one.edi_id == recipient), partner.agreement)
    return own.exchange.patience(message_type) if own else None


def make_envelope(
    message_type: str,
    reference: str,
    follows: replies.Addressed | None,
    partner: Partner,
    *,
    company: Company,
    association: Association,
    now: datetime,
    test: bool,
) -> Envelope:
    """Return the envelope of an answer: the received one turned round, else the partner's first agreement."""
    syntax, _, syntax_version = (follows.syntax if follows else "").partition(":")
    agreement = partner.agreement
    charset = (agreement.charset if agreement else "") or syntax or "UNOC"
    version, _, release = (follows.version if follows else "").partition(".")
    release = release or "96A"
    recipient = follows.sender if follows else agreement.edi_id if agreement else partner.gln
    return Envelope(
        sender=follows.recipient if follows else agreement.our_id if agreement else company.gln,
        sender_qualifier=follows.recipient_qualifier if follows else agreement.our_qualifier if agreement else "14",
        recipient=recipient,
        recipient_qualifier=follows.sender_qualifier if follows else agreement.qualifier if agreement else "14",
        control_reference=reference,
        prepared_at=now,
        test=test,
        charset=charset,
        syntax_version=syntax_version if syntax_version in _SYNTAX_VERSIONS else "3",
        version=version or "D",
        release=release,
        association=association(message_type, release, follows.association if follows else ""),
        acknowledge=patience_of(partner, recipient, message_type) is not None,
    )
