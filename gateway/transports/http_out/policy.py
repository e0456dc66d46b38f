"""Where we may call: public addresses over TLS, and what the operator allows by name.

An address that others choose (a subscriber's, a shop's) could be one of our own network: the clouds' metadata at
169.254.169.254, a database on 10.0.0.0/8, ourselves. So the address that is connected to is the address that was
judged (see ``resolver``), in every notation that reaches a socket.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from yarl import URL

from core.errors import DeliveryRefused, ValueRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: an IPv6 address that carries an IPv4 one in its last 32 bits, by translation (RFC 6052)
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
#: how sockets also write IPv4: decimal, hexadecimal, octal, with fewer parts
_NUMERIC_HOST: Final = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}\.?")
_MAX_URL: Final = 2000


class TargetRefused(DeliveryRefused, ValueRefused):
    """An address that must not be called from here: a refused value where it is given, a refused delivery later."""

    code = "target.refused"


@dataclass(frozen=True, slots=True)
class TargetPolicy:
    """What may be called beyond the public internet over https.

    ``names`` are hosts (``hooks.example.com``, ``*.lan.example``), ``networks`` are ranges; both may be called over
    plain http, too.
    """

    names: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, allowed: Iterable[str]) -> TargetPolicy:
        """Return the policy of a list of names, addresses and CIDR ranges.

        Raises:
            ValueError: one is none of these.
        """
        names, networks = [], []
        for entry in allowed:
            try:
                networks.append(ipaddress.ip_network(entry))
            except ValueError as error:
                if "/" in entry or not re.fullmatch(r"[A-Za-z0-9*._-]{1,253}", entry) or _NUMERIC_HOST.fullmatch(entry):
                    raise ValueError(f"{entry!r} is no host name, address or range") from error
                names.append(entry.lower().rstrip("."))
        return cls(tuple(names), tuple(networks))

    def allows_name(self, host: str) -> bool:
        """Tell whether *host* is allowed by its name, whatever its address."""
        return any(fnmatchcase(host.lower().rstrip("."), name) for name in self.names)

    def allows_address(self, address: Address) -> bool:
        """Tell whether *address* is public, or in an allowed range."""
        return is_public(address) or self.names_address(address)

    def names_address(self, address: Address) -> bool:
        """Tell whether *address* is in a range that is allowed on purpose."""
        return any(address in network for network in self.networks if network.version == address.version)


def is_public(address: Address) -> bool:
    """Tell whether *address* is of the public internet, also the one that it carries inside itself."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _TRANSLATED:
            carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if carried:
            return is_public(carried)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def check_target(url: str, policy: TargetPolicy) -> URL:
    """Return *url*, judged by everything that is known before its name is resolved.

    Raises:
        TargetRefused: no absolute http(s) URL, credentials in it, a numeric host in odd notation, plain http to a host
            that is not allowed by name, or an address that may not be called.
    """
    try:
        target = URL(url) if len(url) <= _MAX_URL else None
        host = (target.host or "") if target else ""
        port = target.port if target else None
    except ValueError:
        target, host, port = None, "", None
    if target is None or target.scheme not in ("http", "https") or not host or port is None:
        raise TargetRefused("this is no absolute http or https address")
    if target.user is not None or target.password is not None:
        raise TargetRefused("an address must not hold a user or password", hint="Use a signed header instead.")
    if target.fragment or any(character <= " " or character == "\x7f" for character in url):
        raise TargetRefused("the address has a fragment, a space or a control character")
    address = _literal(host)
    named = policy.allows_name(host) or (address is not None and policy.names_address(address))
    if address is not None and not (named or policy.allows_address(address)):
        raise _forbidden(host)
    if target.scheme != "https" and not named:
        raise TargetRefused(f"{host} is called over https only", hint="Allow the host in [http_out] allow.")
    return target


def judge_addresses(host: str, addresses: Iterable[str], policy: TargetPolicy) -> None:
    """Refuse *host* when it resolves to any address that may not be called.

    Raises:
        TargetRefused: one of them is not allowed.
    """
    if policy.allows_name(host):
        return
    if not all(policy.allows_address(ipaddress.ip_address(found.partition("%")[0])) for found in addresses):
        raise _forbidden(host)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        if _NUMERIC_HOST.fullmatch(host):
            raise _forbidden(host) from None
        return None


def _forbidden(host: str) -> TargetRefused:
    # What the name resolves to is not told: it would let a stranger map our network.
    return TargetRefused(
        f"{host} is not a public address", hint="An operator can allow the host or range in [http_out] allow."
    )
