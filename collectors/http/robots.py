"""robots.txt by RFC 9309: had once a day, and obeyed.

Answered with 400-499 it forbids nothing; with 500-599 it forbids everything. A host
that gives no answer at all ends the visit the way the page itself would have.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from protego import Protego

from collectors.http.pacing import Clock
from collectors.outcome import SourceError

# RFC 9309 2.5: at least 500 KiB are to be read; what lies beyond is left unread.
BYTES: Final = 1024 * 1024
# RFC 9309 2.4: not kept for longer than a day.
KEPT_SECONDS: Final = 24 * 3600.0
# A failure is forgotten sooner, but not so soon that every page asks again.
FAILURE_KEPT_SECONDS: Final = 600.0
PRODUCT: Final = "narra"


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """How a host answered for its robots.txt.

    Attributes:
        status: HTTP status, after redirects.
        content: what came, cut off at `BYTES`.
    """

    status: int
    content: bytes = b""


Ask = Callable[[], Awaitable[RobotsFile]]


class Rules:
    """What a host allows narra.

    Args:
        file: as it was had.
    """

    def __init__(self, file: RobotsFile) -> None:
        self._refused = file.status if file.status >= 500 else None  # noqa: PLR2004 the server's own errors
        text = file.content.decode("utf-8-sig", "replace") if 200 <= file.status < 300 else ""  # noqa: PLR2004 success
        self._rules = Protego.parse(text)

    @property
    def interval(self) -> float:
        """Seconds it wants between two requests; 0 if it doesn't say."""
        rate = self._rules.request_rate(PRODUCT)
        by_rate = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(self._rules.crawl_delay(PRODUCT) or 0.0, by_rate)

    def check(self, url: str) -> None:
        """Do nothing if the address may be visited.

        Raises:
            SourceError: it may not (disallowed).
        """
        if self._refused is not None:
            raise SourceError("disallowed", f"robots.txt was answered with {self._refused}, which forbids everything")
        if not self._rules.can_fetch(url, PRODUCT):
            raise SourceError("disallowed", "robots.txt forbids this address to narra")


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    found: Rules | SourceError


class Robots:
    """The rules of every host, each had once.

    Args:
        clock: time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def rules(self, host: str, ask: Ask) -> Rules:
        """The rules of a host.

        Args:
            host: scheme, name and port.
            ask: gets its robots.txt; called only where the rules aren't known yet.

        Raises:
            SourceError: the host gave no answer, now or a few minutes ago.
        """
        async with self._asking.setdefault(host, asyncio.Lock()):
            kept = self._kept.get(host)
            if kept is None or kept.until <= self._clock.monotonic():
                kept = self._kept[host] = await self._have(ask)
        if isinstance(kept.found, SourceError):
            # A new one each time: an exception collects the tracebacks of all who raise it.
            raise SourceError(kept.found.status, kept.found.detail, kept.found.retry_after)
        return kept.found

    async def _have(self, ask: Ask) -> _Kept:
        try:
            file = await ask()
        except SourceError as error:
            return _Kept(self._clock.monotonic() + FAILURE_KEPT_SECONDS, error)
        failed = file.status >= 500  # noqa: PLR2004 the server's own errors
        seconds = FAILURE_KEPT_SECONDS if failed else KEPT_SECONDS
        return _Kept(self._clock.monotonic() + seconds, Rules(file))
