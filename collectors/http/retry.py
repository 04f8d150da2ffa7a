"""How long to wait before asking again, and when to give up."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

# What a server answers when the same question may do better in a moment.
PASSING: Final = frozenset({429, 502, 503, 504})
# Of these the server says that it did nothing, so that even a POST may be repeated.
NOT_TAKEN: Final = frozenset({429, 503})


def retry_after(value: str, now: datetime) -> float | None:
    """Read a Retry-After header: seconds, or an HTTP date.

    Args:
        value: as it came.
        now: the present moment, with a zone.

    Returns:
        seconds from now, never below zero; None if the header is absent or unreadable.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000": HTTP dates are GMT whatever they say
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def backoff(first: float, attempt: int, dice: random.Random) -> float:
    """Seconds to wait after an attempt: doubling, and spread so that clients don't march in step.

    Args:
        first: after the first attempt, at most.
        attempt: counted from 1.
        dice: decides between half and all of it.
    """
    return float(first * 2 ** (attempt - 1) * dice.uniform(0.5, 1.0))
