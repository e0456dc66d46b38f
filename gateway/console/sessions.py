"""Console sessions: a signed cookie that names a key kept in this process, and the token of its forms.

The key is authenticated again on every page, so that revoking it ends the session at once. Sessions end with the
process.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

COOKIE: Final = "ordergate_session"
LIFETIME_SECONDS: Final = 8 * 3600
_MAX_SESSIONS: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Login:
    key: str
    until: float


class Sessions:
    """Who is logged in.

    Args:
        secret: signs cookies and form tokens.
        monotonic: seconds of a clock that never jumps.
    """

    def __init__(self, secret: bytes, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._secret = secret
        self._monotonic = monotonic
        self._logins: OrderedDict[str, _Login] = OrderedDict()

    def new(self) -> str:
        """Return the id of a new visit, which is nobody's yet."""
        return secrets.token_urlsafe(18)

    def log_in(self, key: str) -> str:
        """Return the id of a new session for the holder of *key*; the old id never becomes a session."""
        session_id = self.new()
        self._logins[session_id] = _Login(key, self._monotonic() + LIFETIME_SECONDS)
        while len(self._logins) > _MAX_SESSIONS:
            self._logins.popitem(last=False)
        return session_id

    def log_out(self, session_id: str) -> None:
        """Forget the session."""
        self._logins.pop(session_id, None)

    def key(self, session_id: str) -> str | None:
        """Return the API key of a session, None when nobody is logged in there any more."""
        login = self._logins.get(session_id)
        if login is None:
            return None
        if login.until < self._monotonic():
            self.log_out(session_id)
            return None
        return login.key

    def sign(self, session_id: str) -> str:
        """Return the cookie that carries *session_id*."""
        return f"{session_id}.{self._mac('cookie', session_id)}"

    def read(self, cookie: str) -> str | None:
        """Return the id that *cookie* carries, None when we did not sign it."""
        session_id, _, mac = cookie.partition(".")
        return session_id if _same(mac, self._mac("cookie", session_id)) else None

    def form_token(self, session_id: str) -> str:
        """Return the token that every form of this visit carries."""
        return self._mac("form", session_id)

    def form_token_holds(self, session_id: str, token: str) -> bool:
        """Tell whether *token* is that of this visit's forms."""
        return _same(token, self.form_token(session_id))

    def _mac(self, purpose: str, session_id: str) -> str:
        digest = hmac.digest(self._secret, f"{purpose}:{session_id}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
