"""Where a gateway is, and whether a key may be sent there."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from gateway.client.errors import AddressRefused

#: what an HTTP header may hold; a line break would begin another header
_KEY: Final = re.compile(r"[\x21-\x7e]{1,512}")


def checked_address(url: str, *, insecure: bool) -> str:
    """Return *url* without a trailing slash.

    Raises:
        AddressRefused: it is no address of a gateway; it names a user or a query, which logs would keep; or it is plain
            HTTP to another machine, where everybody on the way reads the key, and *insecure* does not allow that.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port  # raises where it is no number
    except ValueError as error:
        raise AddressRefused(f"the address of the gateway cannot be read: {error}") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise AddressRefused("the address of a gateway is such as https://orders.example.com")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("an address holds no user and no password: the key says who calls")
    if parts.query or parts.fragment or any(character.isspace() for character in url):
        raise AddressRefused("the address of a gateway has no query, fragment or blank")
    if parts.scheme == "http" and not insecure and not _is_local(host):
        raise AddressRefused(f"plain HTTP to {host} would show the key to everybody on the way; use https")
    return _without_slash(parts)


def checked_key(key: str) -> str:
    """Return *key* without the blanks around it.

    Raises:
        AddressRefused: it is empty, or no header could hold it; the message does not tell it.
    """
    stripped = key.strip()
    if not _KEY.fullmatch(stripped):
        raise AddressRefused("the API key is empty, or holds what no key holds")
    return stripped


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 section 6.3: they never leave the machine
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _without_slash(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
