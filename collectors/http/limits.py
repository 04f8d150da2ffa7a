"""Every number of the polite client, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the client asks for, how fast, and how long it is patient.

    Attributes:
        interval: seconds between two requests to one host.
        per_host: requests to one host at once.
        overall: requests at once.
        crawl_delay: most seconds between requests that a robots.txt is granted.
        attempts: most times one thing is asked for.
        backoff: seconds before the second attempt; doubled each time.
        retry_seconds: most seconds from the first failure until the last attempt begins.
        longest_wait: a Retry-After beyond it ends the visit instead.
        redirects: most that are followed, one after another.
        connect_seconds: for the connection, TLS included.
        read_seconds: most between two pieces of an answer.
        total_seconds: for a whole answer; and a second more for every `slowest` bytes that came.
        slowest: bytes a second below which a body is given up.
    """

    interval: float = 1.0
    per_host: int = 1
    overall: int = 16
    crawl_delay: float = 30.0
    attempts: int = 3
    backoff: float = 1.0
    retry_seconds: float = 90.0
    longest_wait: float = 30.0
    redirects: int = 5
    connect_seconds: float = 15.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    slowest: int = 50_000
