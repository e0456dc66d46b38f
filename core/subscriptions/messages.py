"""The message that tells a fact: a CloudEvent, signed as Standard Webhooks has it.

CloudEvents 1.0 in structured mode with the JSON format; the extension ``sequence`` counts the deliveries of the
subscription, ``partitionkey`` is the order, whose facts arrive in their order.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from core.clock import iso
from core.roles.hiding import hide
from core.store.hook_deliveries import DeliveryRow, ToldFact

MEDIA_TYPE: Final = "application/cloudevents+json"
TEST_EVENT: Final = "subscription.test"
_PREFIX: Final = "whsec_"


def event_message(delivery: DeliveryRow, fact: ToldFact, *, partner: str, source: str, of_partner: bool) -> bytes:
    """Return the body that tells *fact*; *of_partner* leaves out what we earn and decide by, which is the house's."""
    told: dict[str, Any] = {
        "number": fact.number,
        "buyer_reference": fact.buyer_reference,
        "partner": partner,
        "channel": fact.channel,
        "type": fact.type,
        "test": fact.test,
        "summary": fact.summary,
        "document_id": None if fact.document_id is None else str(fact.document_id),
        "order": f"/api/v1/orders/{fact.number}",
    }
    if not of_partner:
        told |= {"actor": fact.actor, "inputs": hide(orjson.loads(fact.inputs), frozenset({"margin"}))}
    return _message(
        delivery,
        id=f"{fact.number}/{fact.seq}",
        subject=fact.number,
        at=fact.at,
        source=source,
        told=told,
    )


def probe_message(delivery: DeliveryRow, *, source: str) -> bytes:
    """Return the body of a test delivery: it tells of nothing and is told at once."""
    told = {"summary": "a test: your endpoint is reached and its signature can be checked"}
    return _message(
        delivery, id=f"test/{delivery.id}", subject="test", at=delivery.created_at, source=source, told=told
    )


def signed_headers(delivery: DeliveryRow, body: bytes, secrets: Sequence[str], at: datetime) -> Mapping[str, str]:
    """Return the headers of Standard Webhooks: a signature by each of *secrets*, the newest first.

    ``webhook-id`` is the delivery's and the same for every try, so that a receiver knows a repeat.
    """
    message_id, timestamp = f"msg_{delivery.id}", str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [
        "v1," + base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode() for secret in secrets
    ]
    return {
        "Content-Type": MEDIA_TYPE,
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def secret_of(key: bytes, subscription_id: int, generation: int) -> str:
    """Return the signing secret of one generation, derived from the installation's *key*: no database holds it."""
    derived = hmac.digest(key, f"subscription {subscription_id} {generation}".encode(), hashlib.sha256)
    return _PREFIX + base64.b64encode(derived).decode()


def check_of(secret: str) -> bytes:
    """Return what a secret is recognised by: it tells that the installation's key is another than before."""
    return hashlib.sha256(secret.encode()).digest()[:8]


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(_PREFIX))


def _message(delivery: DeliveryRow, *, id: str, subject: str, at: datetime, source: str, told: dict[str, Any]) -> bytes:  # noqa: A002 - CloudEvents' own name
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": id,
            "source": source,
            "type": f"ordergate.{delivery.event}",
            "subject": subject,
            "time": iso(at),
            "datacontenttype": "application/json",
            "sequence": str(delivery.position),
            "partitionkey": subject,
            "data": told,
        }
    )
