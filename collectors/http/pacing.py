"""When a request may start: so many seconds after the last to its host, and so many at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime


class Clock:
    """Time, as a parameter."""

    def now(self) -> datetime:
        """The present moment (UTC)."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _Host:
    def __init__(self, interval: float, at_once: int) -> None:
        self.interval = interval
        self.next = 0.0
        self.closed = 0.0
        self.slots = asyncio.Semaphore(at_once)
        self.gate = asyncio.Lock()


class Pacer:
    """Gives turns.

    Args:
        interval: seconds between the starts of two requests to one host.
        per_host: requests to one host at once.
        overall: requests at once.
        clock: time.
    """

    def __init__(self, interval: float, per_host: int, overall: int, clock: Clock) -> None:
        self._interval = interval
        self._per_host = per_host
        self._overall = asyncio.Semaphore(overall)
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn with this host, and keep it while inside."""
        place = self._host(host)
        async with place.slots:
            async with place.gate:
                await self._clock.sleep(max(0.0, place.next - self._clock.monotonic()))
                # Taken only after the wait, so that a slow host keeps no other one waiting;
                # the interval counts from the start itself, which this may have put off.
                await self._overall.acquire()
                self.started(host)
            try:
                yield
            finally:
                self._overall.release()

    def started(self, host: str) -> None:
        """Count the interval from now: the request goes out at this moment."""
        place = self._host(host)
        place.next = max(place.next, self._clock.monotonic() + place.interval)

    def slow_down(self, host: str, interval: float) -> None:
        """Leave at least so many seconds between requests to this host from now on."""
        place = self._host(host)
        if interval > place.interval:
            if place.next:  # else it was never asked, and may be at once
                place.next += interval - place.interval
            place.interval = interval

    def hold(self, host: str, seconds: float) -> None:
        """Ask this host nothing for so many seconds; who waits for a turn waits longer."""
        place = self._host(host)
        place.next = max(place.next, self._clock.monotonic() + seconds)

    def close(self, host: str, seconds: float) -> None:
        """Ask this host nothing for so many seconds; who wants a turn is told, and doesn't wait."""
        place = self._host(host)
        place.closed = max(place.closed, self._clock.monotonic() + seconds)

    def closed_for(self, host: str) -> float:
        """How many seconds this host stays closed."""
        place = self._hosts.get(host)
        return max(0.0, place.closed - self._clock.monotonic()) if place else 0.0

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host(self._interval, self._per_host))
