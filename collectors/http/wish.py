"""One request as it is wanted, its address checked, and what a redirect makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import httpx

from collectors.http.addresses import is_address, is_public
from collectors.outcome import SourceError

HTTPS_PORT: Final = 443
# What may go with a request to another origin; anything else might be a key.
HARMLESS: Final = frozenset({"accept", "accept-language", "content-type"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for.

    Attributes:
        url: the address, checked.
        method: GET or POST.
        headers: beyond the client's own.
        content: of a POST.
        limit: most bytes.
        cut: whether a longer body is cut off instead of refused.
        robots: whether robots.txt is obeyed.
        walls: whether a wall is looked for.
        allow: statuses given back at once.
        at_last: statuses given back after the last attempt.
    """

    url: httpx.URL
    method: str = "GET"
    headers: httpx.Headers | None = None
    content: bytes | None = None
    limit: int = 20_000_000
    cut: bool = False
    robots: bool = True
    walls: bool = True
    allow: frozenset[int] = frozenset()
    at_last: frozenset[int] = frozenset()

    @property
    def host(self) -> str:
        """Name and port, the key of all politeness."""
        return self.url.netloc.decode("ascii")

    @property
    def origin(self) -> str:
        """Scheme, name and port."""
        return f"{self.url.scheme}://{self.host}"

    def moved(self, location: str, *, private: bool) -> Wish:
        """The same wish at another address; headers that may be keys stay behind with the old origin.

        Raises:
            SourceError: the address is none that may be visited.
        """
        moved = replace(self, url=checked(location, base=self.url, private=private))
        if moved.origin == self.origin or self.headers is None:
            return moved
        kept = {name: value for name, value in self.headers.items() if name in HARMLESS}
        return replace(moved, headers=httpx.Headers(kept))


def checked(
    address: str, params: Mapping[str, str] | None = None, *, base: httpx.URL | None = None, private: bool
) -> httpx.URL:
    """Read an address.

    Args:
        address: absolute, or relative to ``base``.
        params: added to its query.
        base: where it was found.
        private: whether it may be a private IP address. (What a name stands for is
            checked where it is connected to.)

    Raises:
        SourceError: it is no web address (malformed), or private (blocked).
    """
    try:
        url = httpx.URL(address.strip())
        url = base.join(url) if base is not None else url
        url = url.copy_merge_params(params) if params else url
        url = _mended(url.copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError):  # ValueError: half a surrogate pair, an impossible port
        raise SourceError("malformed", "this is no web address") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise SourceError("malformed", "only addresses with http or https are visited")
    if url.userinfo:
        raise SourceError("malformed", "an address with a name and password in it is not visited")
    if not private and is_address(url.host) and not is_public(url.host):
        raise SourceError("blocked", "a private address; if that is right, set private = true in the source's file")
    return url


def _mended(url: httpx.URL) -> httpx.URL:
    # Korea's foreign ministry links to http://…:443, where nothing answers plain HTTP.
    if url.scheme == "http" and url.port == HTTPS_PORT:
        return url.copy_with(scheme="https", port=None)
    return url
