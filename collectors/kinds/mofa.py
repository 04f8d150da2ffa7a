"""Korea's Ministry of Foreign Affairs and its missions: a feed with habits of its own.

Each is met where it belongs: the cookie gate in the client, ``http://…:443`` links and
the lying encoding in `collectors.markup`, the noon of every item in the feed's reader.
The whole text is in content:encoded. A board without items is always an error.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from collectors.contract import Fetch, Visit
from collectors.dates import Clock
from collectors.kinds.feed import STALE_DAYS, FeedOptions, FeedVisit
from collectors.kinds.items import each_address
from collectors.kinds.service import Options, read_options
from collectors.outcome import Batch
from collectors.source import Source


class MofaOptions(Options):
    """As a feed's, but that it may never be empty."""

    clock: Clock = "stated"
    stale_days: int = STALE_DAYS


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect from the ministry's boards.

    Raises:
        SourceError: a board could not be had, was no feed, or had no items.
        SourceFileError: an option is wrong.
    """
    options = read_options(source, MofaOptions)
    feeds = FeedVisit(source, fetch, visit, FeedOptions(clock=options.clock, stale_days=options.stale_days))
    async for batch in each_address(source, visit, feeds.at):
        yield batch
