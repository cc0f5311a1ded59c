"""One attempt: the request to a webhook, and what came of it, whatever the receiver does."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import SplitResult

from app.models.base import Clock
from app.webhooks.addresses import (
    PORTS,
    AddressRefused,
    Resolve,
    Unresolved,
    check_url,
    checked_addresses,
    resolve,
)
from app.webhooks.retrying import Outcome, read_retry_after

if TYPE_CHECKING:
    import httpx2 as httpx

# How much of an answer is read, and kept.
MAX_RESPONSE_BYTES = 4_096
HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": "Onrecord",
    # What is kept of an answer is what was sent, and unpacks to nothing larger.
    "Accept-Encoding": "identity",
}

log = logging.getLogger("onrecord.webhooks")
# It logs each address that is asked, which may hold what only the receiver is to know.
logging.getLogger("httpx2").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: the very text that is signed."""

    url: str
    headers: Mapping[str, str]
    body: str


@dataclass(slots=True)
class Answer:
    """What has come of an answer by now."""

    status: int | None = None
    retry_after: str | None = None
    content: bytearray = field(default_factory=bytearray)


class Sender:
    """Sends to one receiver, one message after the other, over a connection that is kept between
    them; to be used as a context. The address is resolved and checked before each."""

    def __init__(
        self,
        tls: ssl.SSLContext,
        clock: Clock,
        *,
        timeout_seconds: float,
        loopback: bool,
        resolve: Resolve = resolve,
    ) -> None:
        # Here: who has no webhooks need not wait for it.
        import httpx2 as httpx

        self.clock = clock
        self.timeout_seconds = timeout_seconds
        self.loopback = loopback
        self.resolve = resolve
        # No proxy of the environment: it would choose the address to connect to.
        self.client = httpx.AsyncClient(verify=tls, trust_env=False, timeout=None)
        self.failure: type[Exception] = httpx.HTTPError
        self.unconnected: type[Exception] = httpx.ConnectError

    async def __aenter__(self) -> "Sender":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def send(self, message: Message) -> Outcome:
        """Raises nothing: whatever goes wrong is what came of it."""
        began, answer, error = perf_counter(), Answer(), None
        try:
            async with asyncio.timeout(self.timeout_seconds):
                await self.exchange(message, answer)
        except TimeoutError:
            error = f"There was no answer within {self.timeout_seconds:g} seconds."
        except (AddressRefused, Unresolved) as refused:
            error = str(refused)
        except self.failure as failure:
            error = f"{type(failure).__name__}: {failure}"
        except Exception as failure:
            # One that no others have to wait for: they are to be sent all the same.
            log.exception("a webhook could not be sent to")
            error = type(failure).__name__
        return Outcome(
            seconds=round(perf_counter() - began, 3),
            status=answer.status,
            # A receiver that has answered may break off afterwards.
            error=error if answer.status is None else None,
            # Not every database keeps NUL.
            response=answer.content.decode(errors="replace").replace("\0", "\ufffd"),
            wait=read_retry_after(answer.retry_after, self.clock()),
        )

    async def exchange(self, message: Message, answer: Answer) -> None:
        parts = check_url(message.url, loopback=self.loopback)
        found = await checked_addresses(parts, loopback=self.loopback, resolve=self.resolve)
        for address in found[:-1]:
            try:
                return await self.post(parts, address, message, answer)
            except self.unconnected:
                continue  # Another of its addresses may be reachable.
        return await self.post(parts, found[-1], message, answer)

    async def post(
        self, parts: SplitResult, address: str, message: Message, answer: Answer
    ) -> None:
        request = self.request_to(parts, address, message)
        response = await self.client.send(request, stream=True, follow_redirects=False)
        try:
            answer.status = response.status_code
            answer.retry_after = response.headers.get("retry-after")
            async for chunk in response.aiter_raw():
                answer.content += chunk[: MAX_RESPONSE_BYTES - len(answer.content)]
                if len(answer.content) == MAX_RESPONSE_BYTES:
                    break
        finally:
            await response.aclose()

    def request_to(self, parts: SplitResult, address: str, message: Message) -> "httpx.Request":
        """To the address itself, by the name that it was found under."""
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
        target = f"{bracketed(address)}:{parts.port or PORTS[parts.scheme]}"
        query = f"?{parts.query}" if parts.query else ""
        return self.client.build_request(
            "POST",
            f"{parts.scheme}://{target}{parts.path or '/'}{query}",
            content=message.body.encode(),
            headers={**HEADERS, **message.headers, "Host": f"{bracketed(host)}{port}"},
            extensions={"sni_hostname": host},
        )


def bracketed(host: str) -> str:
    """A host as it stands in an address."""
    try:
        return f"[{host}]" if ip_address(host).version == 6 else host
    except ValueError:
        return host
