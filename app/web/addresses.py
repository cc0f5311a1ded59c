"""From which address a request comes, behind proxies too."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

from app.settings import Network

Address = IPv4Address | IPv6Address

UNKNOWN = "unknown"
# What a provider gives to one customer: who has it has all addresses in it.
ONE_CLIENT = 64


def client_of(scope: Scope, trusted: Sequence[Network]) -> str:
    """Who sends a request, as far as an address tells: of IPv6 the network. X-Forwarded-For is
    believed from the right, as far as trusted proxies have written it."""
    sender = address_of((scope.get("client") or ("",))[0])
    if sender is None:
        return UNKNOWN
    for text in reversed(forwarded_for(scope["headers"])):
        before = address_of(text)
        if before is None or not any(sender in network for network in trusted):
            break
        sender = before
    if isinstance(sender, IPv6Address):
        return str(IPv6Network((int(sender), ONE_CLIENT), strict=False))
    return str(sender)


def forwarded_for(headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    sent = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
    return [one.strip() for value in sent for one in value.split(",")]


def address_of(text: str) -> Address | None:
    """An address with or without a port, in brackets or not; None for anything else."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    with suppress(ValueError):
        found = ip_address(text)
        mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
        return mapped or found
    return None
