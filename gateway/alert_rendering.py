"""Renders what sinks are told of alerts: a mail in plain words, or the JSON of a signed webhook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from core.alerts.tell import ALERT
from core.clock import Clock
from core.ports import WrittenNotice
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company
from core.store.outbox import Unrendered
from gateway.alert_settings import AlertSinkSettings
from gateway.rendering import Draft
from gateway.settings import MailSettings
from gateway.transports.mail import Letter, compose

_TITLES: Final = {"opened": "Alert", "again": "Alert, still open", "closed": "Closed"}


class AlertRenderer:
    """Makes the bytes of one message; none for a sink that the settings do not have any more."""

    def __init__(self, sinks: Sequence[AlertSinkSettings], *, mail: MailSettings, clock: Clock) -> None:
        self._sinks = {one.name: one for one in sinks}
        self._mail = mail
        self._clock = clock

    def draft(self, tx: Tx, group: Sequence[Unrendered], cache: MasterCache) -> Draft | None:
        """Write one message; it is alone in its *group*."""
        row = group[0]
        said = row.said
        settings = self._sinks.get(said["sink"])
        if settings is None:
            return None
        name = f"alert_{row.id}"
        if settings.kind == "webhook":
            return Draft(settings.sink.lane, ALERT, str(row.id), name, webhook_body(said))
        letter = Letter(
            id=f"alert-{row.id}",
            sender=self._mail.sender,
            sender_name=our_company(tx, cache).name,
            to=settings.to,
            cc=(),
            reply_to=self._mail.reply_to,
            at=self._clock.now(),
        )
        return Draft(settings.sink.lane, ALERT, str(row.id), f"{name}.eml", compose(letter, in_words(said)))


def webhook_body(said: Mapping[str, Any]) -> bytes:
    """Return the body as Standard Webhooks recommends it: ``type``, ``timestamp``, ``data`` with the alerts."""
    data = {"sink": said["sink"], "alerts": said["alerts"]}
    return orjson.dumps({"type": f"alert.{said['what']}", "timestamp": said["at"], "data": data})


def in_words(said: Mapping[str, Any]) -> WrittenNotice:
    """Return the mail: one alert is its subject, of several their number is."""
    what, told = said["what"], said["alerts"]
    if what == "test":
        subject, text = "Test of this alert sink", "A test: alerts reach you. Nothing is wrong.\n"
    elif len(told) == 1:
        subject = f"{_TITLES[what]}: {told[0]['kind']} {told[0]['subject']}"
        text = _paragraph(told[0])
    else:
        still = sum(one["state"] == "open" for one in told)
        subject = f"{len(told)} alerts, {still} of them open"
        text = "\n".join(_paragraph(one) for one in told)
    return WrittenNotice("alert", "", "en", subject, text)


def _paragraph(alert: Mapping[str, Any]) -> str:
    lines = [f"{alert['kind']}  {alert['subject']}", f"  {alert['message']}"]
    if alert["partner"] is not None:
        lines.append(f"  partner {alert['partner']}")
    times = f", seen {alert['count']} times, last {alert['last_seen_at']}" if alert["count"] > 1 else ""
    lines.append(f"  open since {alert['opened_at']}{times}")
    if alert["state"] == "closed":
        by = f" by {alert['closed_by']}: {alert['close_reason']}" if alert["closed_by"] else ", healed"
        lines.append(f"  closed {alert['closed_at']}{by}")
    return "\n".join(lines) + "\n"
