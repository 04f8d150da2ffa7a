"""What a kind of source is given, and what it gives.

A kind is an async generator over one source: it asks through `Fetch`, and yields
batches. It raises `SourceError` where the visit can't go on, and never touches the
store. Being killed between two batches loses nothing: the next visit begins with
the memory saved with the last batch.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collectors.outcome import Batch
from collectors.source import Source


@dataclass(frozen=True, slots=True)
class Page:
    """An answer that came as asked for.

    Attributes:
        url: the address it came from in the end, after redirects.
        status: HTTP status (200, or 304 with ``not_modified``; others only where ``allow`` named them).
        headers: lower-case names.
        content: the body, unpacked, at most the limit asked for.
        text: the body decoded as browsers do it.
        media_type: as declared, without parameters, lower case.
        not_modified: whether a conditional request was answered with 304.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    text: str
    media_type: str
    not_modified: bool = False


class Fetch(Protocol):
    """The one polite client, as a source sees it."""

    async def get(  # noqa: PLR0913 a request has this many sides
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        conditional: bool = False,
        robots: bool = True,
        limit: int = 20_000_000,
        allow: frozenset[int] = frozenset(),
    ) -> Page:
        """Get an address.

        Args:
            url: http or https.
            params: query parameters; values that are keys never appear in an error or log.
            headers: further headers.
            conditional: send the validators stored for this address, and store the new ones.
            robots: obey robots.txt (APIs that document their use need not).
            limit: most bytes of the body, after unpacking.
            allow: statuses of 400 and above to give back as a page instead of raising.

        Raises:
            SourceError: anything but an answer that was asked for.
        """
        ...

    async def post(
        self,
        url: str,
        *,
        json: object,
        headers: Mapping[str, str] | None = None,
        limit: int = 20_000_000,
        allow: frozenset[int] = frozenset(),
    ) -> Page:
        """Post JSON; as `get`. Repeated only where the server says it did not take it (429, 503)."""
        ...

    def space(self, url: str, seconds: float) -> None:
        """Leave at least so many seconds between two requests to this address's host from now on, whoever asks.

        For services whose terms say how often they may be asked: their host is one, however many sources ask it.
        """
        ...


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit to a source is asked to bring.

    Attributes:
        since: nothing older is wanted (UTC), or None: whatever the source has.
        until: nothing newer is wanted (UTC).
        memory: what the source remembered at its last saved batch.
        keys: the values of the source's keys, from the environment or keyring; never stored, logged or shown.
        now: the present moment (UTC); a parameter, so that tests can set it.
    """

    since: datetime | None
    until: datetime
    memory: Mapping[str, str]
    keys: Mapping[str, str]
    now: datetime


Collect = Callable[[Source, Fetch, Visit], AsyncIterator[Batch]]
