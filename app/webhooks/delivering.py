"""The deliverer: tells webhooks what changed, and sends what waits, until it is stopped.

Several may run, in this process and in others: each webhook is sent to by one at a time, and one
that has died is taken over from when its lease is over."""

import asyncio
import logging
import random
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import perf_counter

from app.database.session import Database
from app.database.types import AnyRow
from app.errors import Problem
from app.models.base import Clock, new_id
from app.settings import Settings
from app.webhooks.addresses import Resolve, resolve
from app.webhooks.claims import (
    Attempt,
    Claims,
    claim_webhooks,
    forget_waits,
    get_to_send,
    is_any_claimable,
    list_due,
    release_webhooks,
    settle_attempts,
    settle_test,
)
from app.webhooks.messages import is_any_behind, tell_webhooks
from app.webhooks.pruning import is_any_old, prune_deliveries
from app.webhooks.sending import Message, Sender
from app.webhooks.signatures import sign, signing_secrets

# How many webhooks are sent to at once.
MOST_AT_ONCE = 32
# After so many attempts, or so long, what came of them is kept: less is sent twice after a crash.
TOGETHER = 25
KEPT_AFTER_SECONDS = 0.5

# How soon a write of this process is seen, and how soon those of others and the clock.
GLANCE_SECONDS = 0.05
PAUSE_SECONDS = 1.0
# What failed for a reason that may pass, such as a database that is away.
LONG_PAUSE_SECONDS = 5.0
# How long requests that are under way may take when the process ends.
STOP_SECONDS = 2.0
PRUNE_EVERY = timedelta(hours=1)

log = logging.getLogger("onrecord.webhooks")


class Deliverer:
    def __init__(
        self, database: Database, settings: Settings, clock: Clock, *, resolve: Resolve = resolve
    ) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock
        self.resolve = resolve
        self.claims = Claims(
            holder=new_id(),
            # A request, and the wait for what came of it to be kept.
            lease=timedelta(seconds=2 * settings.webhook_timeout_seconds + 2),
            patience=timedelta(hours=settings.webhook_patience_hours),
        )
        self.serving: set[asyncio.Task[None]] = set()
        self.tls: ssl.SSLContext | None = None
        self.is_stopping = False
        self.commits = -1
        self.seen_at: datetime | None = None
        self.pruned_at: datetime | None = None

    async def run(self) -> None:
        """Until cancelled."""
        self.is_stopping = False
        try:
            while True:
                pause = PAUSE_SECONDS
                try:
                    await self.look()
                except Exception as error:
                    log.warning("webhooks wait: %s: %s", type(error).__name__, error)
                    pause = LONG_PAUSE_SECONDS
                await self.wait(pause)
        finally:
            await self.close()

    async def wait(self, seconds: float) -> None:
        """Shorter when this process writes, since there may be something to tell."""
        ends = perf_counter() + seconds
        while perf_counter() < ends:
            await asyncio.sleep(GLANCE_SECONDS)
            if self.commits != self.database.commits and seconds == PAUSE_SECONDS:
                return

    async def catch_up(self) -> None:
        """Do all that can be done now."""
        await self.look()
        while self.serving:
            await asyncio.wait(self.serving)
            await self.look()

    async def look(self) -> None:
        """Tell webhooks what is new to them, and begin to send what is due."""
        at = self.clock()
        self.commits = self.database.commits
        if self.seen_at is not None and at < self.seen_at:
            await self.database.write(forget_waits)
        self.seen_at = at
        while await self.database.read(is_any_behind):
            await self.database.write(tell_webhooks, at)
        free = MOST_AT_ONCE - len(self.serving)
        if free and await self.database.read(is_any_claimable, self.claims, at):
            for webhook_key in await self.database.write(claim_webhooks, self.claims, free, at):
                self.serve(webhook_key)
        if self.pruned_at is None or at - self.pruned_at >= PRUNE_EVERY:
            await self.prune(at)

    async def prune(self, at: datetime) -> None:
        before = at - timedelta(days=self.settings.webhook_log_days)
        while await self.database.read(is_any_old, before):
            await self.database.write(prune_deliveries, before)
        self.pruned_at = at

    def serve(self, webhook_key: int) -> None:
        task = asyncio.create_task(self.send_all(webhook_key))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)

    async def send_all(self, webhook_key: int) -> None:
        """Send to a webhook what is due, one after the other, and keep what comes of it."""
        try:
            async with self.new_sender() as sender:
                goes_on = True
                while goes_on:
                    attempts = await self.send_some(sender, webhook_key)
                    goes_on = await self.keep(webhook_key, attempts)
        except Exception as error:
            # What was sent, and is not kept, is sent again when the lease is over.
            log.warning("a webhook is given up for now: %s: %s", type(error).__name__, error)

    async def send_some(self, sender: Sender, webhook_key: int) -> list[Attempt]:
        """Until one fails, or it is time to keep what came of them."""
        due = await self.database.read(list_due, webhook_key, TOGETHER, self.clock())
        ends, attempts = perf_counter() + KEPT_AFTER_SECONDS, list[Attempt]()
        for row in due:
            attempts.append(await attempt(sender, row, self.clock()))
            if not attempts[-1].outcome.has_arrived or self.is_stopping:
                break
            if perf_counter() >= ends:
                break
        return attempts

    async def keep(self, webhook_key: int, attempts: Sequence[Attempt]) -> bool:
        """Keep what came of attempts, and say whether to go on. While the database is away, they
        are held: what was sent would be sent again."""
        ends = perf_counter() + self.claims.lease.total_seconds()
        while True:
            try:
                return await self.database.write(
                    settle_attempts,
                    self.claims,
                    webhook_key,
                    attempts,
                    self.clock(),
                    chance=random.random(),
                    is_stopping=self.is_stopping,
                )
            except Problem:
                if self.is_stopping or perf_counter() >= ends:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)

    async def send_test(self, delivery_id: str) -> None:
        """Send it here and now, and keep what comes of it."""
        row = await self.database.read(get_to_send, delivery_id)
        async with self.new_sender() as sender:
            made = await attempt(sender, row, self.clock())
        await self.database.write(settle_test, made)

    def new_sender(self) -> Sender:
        # Here: who has no webhooks need not wait for it.
        import httpx2 as httpx

        self.tls = self.tls or httpx.create_ssl_context(trust_env=False)
        return Sender(
            self.tls,
            self.clock,
            timeout_seconds=self.settings.webhook_timeout_seconds,
            loopback=self.settings.webhook_loopback,
            resolve=self.resolve,
        )

    async def close(self) -> None:
        """Requests that are under way may end; what is claimed is given back."""
        self.is_stopping = True
        if self.serving:
            _, late = await asyncio.wait(self.serving, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            try:
                await self.database.write(release_webhooks, self.claims.holder)
            except Exception as error:
                log.warning("webhooks are given back by the clock: %s", error)


async def attempt(sender: Sender, row: AnyRow, at: datetime) -> Attempt:
    """`row` is a delivery, with the address and the secrets of its webhook."""
    headers = sign(signing_secrets(row.secret, row.former, at), row.id, at, row.body)
    outcome = await sender.send(Message(row.url, headers, row.body))
    return Attempt(new_id(), row.key, at, row.url, headers, outcome)
