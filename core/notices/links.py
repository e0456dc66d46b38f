"""Takes links back that were sent with notices: who holds one sees no more than who made one up (issue 5, part 5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.audit.record import record
from core.errors import NotFound
from core.store import links, notices
from core.store.engine import Tx


def revoke_links(
    tx: Tx, order: Mapping[str, Any], notice_id: int | None, *, reason: str, actor: str, at: datetime
) -> int:
    """Revoke the links of *order*, or that of one of its notices, and return how many opened it until now.

    From the commit on each answers as an unknown one does. Where none is left nothing happens, so a repeat is harmless.
    A notice that is sent later, or said again, has a link of its own.

    Raises:
        NotFound: the order has no such notice.
    """
    if notice_id is not None and notices.told(tx, notice_id)["order_id"] != order["id"]:
        raise NotFound(f"there is no notice {notice_id} on this order")
    gone = links.revoke(tx, order["id"], notice_id, at)
    if gone:
        which = "all" if notice_id is None else f"of notice {notice_id}"
        inputs = {"notice": None if notice_id is None else str(notice_id), "revoked": gone, "reason": reason}
        summary = f"{gone} links revoked, {which}: {reason}"
        record(tx, order["id"], "notice.links_revoked", at=at, actor=actor, summary=summary[:300], inputs=inputs)
    return gone
