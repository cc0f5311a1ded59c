"""Where a webhook may lead: to addresses of the public internet alone, whatever a name says."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

IpAddress = IPv4Address | IPv6Address
# The addresses of a host, as text.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

# Addresses of IPv4 hosts as a gateway translates them (RFC 6052).
TRANSLATED = IPv6Network("64:ff9b::/96")
# Public by their numbers, and inside each machine of a provider: what they tell is its own.
INSIDE = frozenset({ip_address("168.63.129.16")})
# Special by their registries, of which not every version of Python knows.
SPECIAL = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv6Network("3fff::/20"))

PORTS = {"https": 443, "http": 80}
LOCAL = "localhost"


class AddressRefused(Exception):
    """The address is not one that is sent to; the text says why."""


class Unresolved(Exception):
    """The name has no address, or none is known now."""


async def resolve(host: str, port: int) -> list[str]:
    """As the system knows it. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def check_url(url: str, *, loopback: bool) -> SplitResult:
    """What can be said of an address before its name is resolved. Raises AddressRefused."""
    parts = urlsplit(url)
    host = parts.hostname
    if host is None or parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefused("The address has a host, but neither a user nor a fragment.")
    literal = literal_of(host)
    if literal is not None:
        check_address(literal, loopback=loopback)
    is_local = host == LOCAL or (literal is not None and embedded(literal).is_loopback)
    if is_local and not loopback:
        raise AddressRefused(f"{host} is this machine itself.")
    if parts.scheme != "https" and not is_local:
        raise AddressRefused("The address begins with https://.")
    return parts


async def checked_addresses(
    parts: SplitResult, *, loopback: bool, resolve: Resolve = resolve
) -> list[str]:
    """The addresses of a URL's host, all of them checked: what is connected to is one of these,
    and not what the name stands for a moment later. Raises AddressRefused or Unresolved."""
    host = parts.hostname or ""
    literal = literal_of(host)
    if literal is not None:
        found = [literal]
    else:
        try:
            given = await resolve(host, parts.port or PORTS[parts.scheme])
            found = [ip_address(one.partition("%")[0]) for one in given]
        except (OSError, ValueError, UnicodeError):
            raise Unresolved(f"The name {host} could not be resolved.") from None
    if not found:
        raise Unresolved(f"The name {host} has no address.")
    for one in found:
        check_address(one, loopback=loopback)
    return [str(one) for one in found]


def check_address(address: IpAddress, *, loopback: bool) -> None:
    """Raises AddressRefused for one that is private, reserved, of this machine or of its
    provider."""
    inner = embedded(address)
    if inner.is_loopback and loopback:
        return
    if not is_public(inner):
        raise AddressRefused(f"{address} is no address of the public internet.")


def is_public(address: IpAddress) -> bool:
    if any(address in network for network in SPECIAL):
        return False
    if address in INSIDE or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not address.is_private


def embedded(address: IpAddress) -> IpAddress:
    """The address of IPv4 that one of IPv6 stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour or address


def literal_of(host: str) -> IpAddress | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None
