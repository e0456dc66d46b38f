"""The border: decoder, encoder, sender, carrier, mailbox, writer of notices (storefront: ``core.storefront``).

Adapters implement these; the core never imports an adapter. Decoders, encoders and writers are pure. Senders and
carriers touch the outside; they are async and raise ``core.errors.DeliveryFailed`` and its children.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple, Protocol, get_args

from core.documents import Inbound, Outbound, PackageNotice, Party
from core.provenance import FieldSource, UnmappedValue, Violation


class MessageSpan(NamedTuple):
    """One message of an interchange as the envelope scan sees it: where it lies and what UNH says.

    ``length`` runs to the end of UNT. ``violations`` are faults of its envelope (UNT count, reference, type).
    """

    ordinal: int
    offset: int
    length: int
    reference: str
    type: str
    version: str = ""
    release: str = ""
    agency: str = ""
    association: str = ""
    violations: tuple[Violation, ...] = ()

    @property
    def release_name(self) -> str:
        """The directory as users write it: ``D.96A``."""
        return f"{self.version}.{self.release}"


class GroupSpan(NamedTuple):
    """One functional group as the envelope scan sees it: where it lies, what UNG says and which messages it holds.

    ``first`` is the ordinal of its first message, ``size`` how many it has.
    """

    offset: int
    length: int
    first: int
    size: int
    reference: str
    type: str = ""
    sender: str = ""
    sender_qualifier: str = ""
    recipient: str = ""
    recipient_qualifier: str = ""

    def holds(self, ordinal: int) -> bool:
        """Tell whether a message is in it."""
        return self.first <= ordinal < self.first + self.size

    def errors(self, violations: Sequence[Violation]) -> list[Violation]:
        """Return those of an interchange's *violations* that refuse this group."""
        end = self.offset + self.length
        return [
            found
            for found in violations
            if found.level == "group"
            and found.severity == "error"
            and found.offset is not None
            and self.offset <= found.offset <= end
        ]


@dataclass(frozen=True, slots=True)
class Interchange:
    """One envelope of a source after the first pass.

    ``violations`` of severity error mean that the envelope failed: the interchange is one rejected document. Those of
    level group refuse that group alone.
    ``readable`` says that UNB could be read, so that a CONTRL can be addressed. ``guide`` is the fingerprint of the
    guide that its faults were judged by, "" without one.
    """

    ordinal: int
    offset: int
    length: int
    readable: bool
    messages: tuple[MessageSpan, ...] = ()
    violations: tuple[Violation, ...] = ()
    syntax_id: str = ""
    syntax_version: str = ""
    sender: str = ""
    sender_qualifier: str = ""
    recipient: str = ""
    recipient_qualifier: str = ""
    control_reference: str = ""
    prepared_at: datetime | None = None
    application_reference: str = ""
    acknowledgement_request: str = ""
    test: bool = False
    groups: tuple[GroupSpan, ...] = ()
    guide: str = ""

    @property
    def failed(self) -> bool:
        """Tell whether the envelope itself is refused."""
        return any(found.severity == "error" and found.level != "group" for found in self.violations)

    def group_of(self, ordinal: int) -> GroupSpan | None:
        """Return the group that a message is in, None where it is in none."""
        return next((group for group in self.groups if group.holds(ordinal)), None)


def judged(interchange: Interchange, guide: PartnerGuide | None) -> Interchange:
    """Return *interchange* with the faults of its envelopes as *guide* has them; as it is without one."""
    if guide is None:
        return interchange
    return replace(
        interchange,
        guide=guide.fingerprint,
        violations=tuple(guide.judged(interchange.violations)),
        messages=tuple(
            span._replace(violations=tuple(guide.judged(span.violations))) if span.violations else span
            for span in interchange.messages
        ),
    )


@dataclass(frozen=True, slots=True)
class Decoded:
    """One message after the second pass: the canonical document, or None where errors forbid it."""

    span: MessageSpan
    document: Inbound | None
    violations: tuple[Violation, ...] = ()

    @property
    def failed(self) -> bool:
        """Tell whether the message is rejected for what it says."""
        return self.document is None or any(violation.severity == "error" for violation in self.violations)


class PartnerGuide(Protocol):
    """What is agreed with a partner on one format: a decoder's own, handed back to it, and how faults are judged."""

    @property
    def name(self) -> str:
        """What the guide is called."""
        ...

    @property
    def fingerprint(self) -> str:
        """What changes with what the guide says: the SHA-256 of ``content``."""
        ...

    @property
    def content(self) -> bytes:
        """The file that the guide was read from, so that it can be kept with what it judged."""
        ...

    def judged(self, violations: Iterable[Violation], *, errors_stand: bool = False) -> list[Violation]:
        """Return *violations* as agreed: harder, milder, or left out; with *errors_stand* no error gets milder."""
        ...


class Decoder(Protocol):
    """Reads one format. Pure: the same bytes always give the same answer."""

    id: str

    def sniff(self, source: bytes) -> bool:
        """Tell by the first bytes whether this decoder should read *source*."""
        ...

    def scan(self, source: bytes) -> tuple[Interchange, ...]:
        """First pass: the envelopes, counts and references of every interchange in *source*.

        A source that holds none gives one unreadable interchange whose violations say why. Never raises.
        """
        ...

    def decode(
        self,
        source: bytes,
        interchange: Interchange,
        messages: Sequence[MessageSpan],
        guide: PartnerGuide | None = None,
    ) -> Iterator[Decoded]:
        """Second pass: the canonical document and all violations of each of *messages*, in order. Never raises.

        *guide* is what is agreed with the sender; without one the defaults hold.
        """
        ...

    def locate(
        self,
        source: bytes,
        interchange: Interchange,
        message: MessageSpan,
        field: str,
        guide: PartnerGuide | None = None,
    ) -> FieldSource | None:
        """Return the place that *field* ("buyer_reference", "lines.3.quantity") was read from, None if not sent."""
        ...

    def unmapped(
        self, source: bytes, interchange: Interchange, message: MessageSpan, guide: PartnerGuide | None = None
    ) -> Sequence[UnmappedValue]:
        """Return what *message* says and no field of its document takes, found by reading it again.

        Nothing of a message whose type or release is not read: no value of it has a field.
        """
        ...


@dataclass(frozen=True, slots=True)
class Envelope:
    """The outbound envelope: who, to whom, under which reference, in which dialect."""

    sender: str
    sender_qualifier: str
    recipient: str
    recipient_qualifier: str
    control_reference: str
    prepared_at: datetime
    test: bool = False
    charset: str = "UNOC"
    syntax_version: str = "3"
    version: str = "D"
    release: str = "96A"
    agency: str = "UN"
    association: str = ""
    application_reference: str = field(default="")
    #: whether UNB 0031 asks for a CONTRL
    acknowledge: bool = False


class Encoder(Protocol):
    """Writes one format. Pure."""

    id: str

    def encode(self, envelope: Envelope, documents: Sequence[Outbound]) -> bytes:
        """Return one interchange with one message a document; all documents are of one kind.

        Message references count 1..n inside the interchange. No character is lost: where the charset cannot say
        one, the encoder writes the interchange as UNOY (UTF-8, syntax 4) and says so in UNB.
        """
        ...


class Sender(Protocol):
    """Delivers rendered bytes. Idempotent: the same name with the same bytes there already is success."""

    def send(self, endpoint: str, name: str, content: bytes) -> None:
        """Deliver *content* under *name*; return only when it is durably there.

        Raises:
            DeliveryFailed: it did not arrive (retry later).
            DeliveryRefused: something else lies there under that name, or the other side said no.
        """
        ...


class BookingRequest(NamedTuple):
    """What a carrier needs to take a shipment; ``reference`` is ours and makes the booking idempotent."""

    reference: str
    order_number: str
    sender: Party
    receiver: Party
    packages: tuple[PackageNotice, ...]
    service: str = "standard"
    #: what the buyer asked for: the day of delivery, the mode of transport and wishes in words
    deliver_on: date | None = None
    transport_mode: str = ""
    notes: tuple[str, ...] = ()


class Booking(NamedTuple):
    """The carrier's confirmation: its consignment number and one label per package."""

    reference: str
    tracking_number: str
    carrier: str
    carrier_name: str
    labels: tuple[tuple[str, str, bytes], ...] = ()


class TrackingEvent(NamedTuple):
    """One fact from the carrier. ``status`` is ours: picked_up, in_transit, out_for_delivery, delivered, exception.

    ``id`` is the carrier's own and makes a repeat harmless.
    """

    id: str
    status: str
    at: datetime
    code: str = ""
    place: str = ""
    text: str = ""
    signed_by: str = ""


class Mailbox(Protocol):
    """A folder of mails, open. A mail is moved once it is kept for good, so that a crash between the two loses none.

    Every method may raise DeliveryFailed, after which the mailbox has to be opened anew. Those of one mail raise
    DeliveryRefused where the server says no to that one; the others can still be asked for.
    """

    def uids(self) -> list[str]:
        """Return what lies there, the oldest first."""
        ...

    def size(self, uid: str) -> int | None:
        """Return the bytes of a mail, None where it is gone."""
        ...

    def content(self, uid: str) -> bytes | None:
        """Return a mail byte for byte, unread as before; None where it is gone."""
        ...

    def move(self, uid: str, folder: str) -> None:
        """Move a mail, and no other; nothing happens when it is gone. DeliveryRefused where there is no such folder."""
        ...

    def wait(self, seconds: float, stopped: Callable[[float], bool]) -> None:
        """Wait until something may have come, *seconds* pass, or *stopped* says so, which waits so long itself."""
        ...


class CarrierAnswer(NamedTuple):
    """The raw bytes a carrier sent (kept as a source by intake) and what they were read from."""

    content: bytes
    media_type: str = "application/json"


class Carrier(Protocol):
    """One carrier: the calls return the carrier's raw bytes, the ``read_`` functions are the pure codec."""

    id: str
    name: str

    async def book(self, request: BookingRequest) -> CarrierAnswer:
        """Book a shipment once.

        Raises:
            DeliveryRefused: the carrier says no, with its reason.
            OutcomeUnknown: no answer in time; call :meth:`find` before anything else.
            DeliveryFailed: it was certainly not taken (connection refused).
        """
        ...

    async def find(self, reference: str) -> CarrierAnswer | None:
        """Return the booking under our *reference*, or None when the carrier certainly has none."""
        ...

    async def track(self, tracking_number: str) -> CarrierAnswer:
        """Return the events of a consignment."""
        ...

    def read_booking(self, answer: bytes) -> Booking:
        """Read the bytes of :meth:`book` or :meth:`find`."""
        ...

    def read_tracking(self, answer: bytes) -> Sequence[TrackingEvent]:
        """Read the bytes of :meth:`track`, oldest first."""
        ...


#: the facts that partners are told of
PartnerNotice = Literal[
    "order.confirmed",
    "order.changed",
    "order.refused",
    "order.question",
    "order.shipped",
    "delivery.tomorrow",
    "delivery.delayed",
    "order.completed",
    "invoice.issued",
    "payment.reminder",
    "paper.question",
]
#: what partners and, last, our own people are told of
NOTICES: Final[tuple[str, ...]] = (*get_args(PartnerNotice), "exception.raised")


class Attachment(NamedTuple):
    """A file that goes with a notice."""

    name: str
    media_type: str
    content: bytes


class WrittenNotice(NamedTuple):
    """A notice in words, and by which version of which template, so that it can be told later what was sent."""

    template: str
    #: SHA-256 of the template's content, hexadecimal
    version: str
    language: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    #: what was left out and why, such as a PDF that no font here can show
    remarks: tuple[str, ...] = ()


class NoticeWriter(Protocol):
    """Writes notices. Pure but for its templates: the same facts by the same version give the same words."""

    def write(
        self, notice: str, facts: Mapping[str, Any], *, template: str = "", language: str = "en"
    ) -> WrittenNotice:
        """Return *notice* (one of :data:`NOTICES`) in words.

        *facts* are JSON-ready: ``order``, ``lines``, ``partner``, ``company`` and what the notice is about
        (``shipment``, ``invoice``, ``question``, ``notes``, ``link``). *template* "" is the default of the notice;
        a language without a text of its own falls back to English.

        Raises:
            core.errors.ValueRefused: no such template, or it names a fact that is not there.
        """
        ...
