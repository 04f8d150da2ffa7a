"""The one polite client: everything narra asks of the web goes through here.

`Client` is shared by all sources, because politeness is owed to hosts and not to
sources. `Client.visit` gives one source its view: its keys (which never show), its
cookies, its language, and whether it may lie on a private address.

What each rule is stands in `collectors.http`; this module puts them in order:
robots.txt, a turn with the host, the exchange, retries, redirects, the page.
"""

from __future__ import annotations

import asyncio
import json as json_module
import random
import re
from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from types import TracebackType
from typing import Final, Protocol, Self

import httpx

from collectors.contract import Page
from collectors.http.answers import REDIRECTS, PassingError, failure, refusal
from collectors.http.decode import decode
from collectors.http.limits import Limits
from collectors.http.masking import Mask
from collectors.http.pacing import Clock, Pacer
from collectors.http.retry import NOT_TAKEN, PASSING, backoff, retry_after
from collectors.http.robots import BYTES, Robots, RobotsFile
from collectors.http.transport import GuardedTransport
from collectors.http.unpack import ACCEPTED, read_body, too_large
from collectors.http.walls import find_wall
from collectors.http.wish import Wish, checked
from collectors.outcome import SourceError
from corpus.errors import SettingsError

__all__ = ["Client", "Limits", "Validators", "Visiting"]

# Of an answer that was not asked for, only the beginning is read: it may tell who sent it.
ERROR_BYTES: Final = 64 * 1024
URL_SHOWN: Final = 300
PASSWORD: Final = re.compile(r"//[^/?#]*@")
CONTACT: Final = re.compile(r"https?://[^\s()]+|[^\s()@]+@[^\s()@]+")
# Media types that hold no text; a feed may come as octet-stream, so that one is decoded.
NO_TEXT: Final = re.compile(r"(?:image|audio|video|font)/.*|application/(?:pdf|zip|(?:x-)?gzip|vnd\.openxml.*)")


class Validators(Protocol):
    """Remembers what a server gave to recognise a page by; stored by whoever runs the visit.

    `put` is called when an answer came, which is before its documents are saved. Store
    what was put together with them, and not earlier: otherwise a visit killed in between
    makes the next one hear "nothing has changed", and the documents are lost.
    """

    def get(self, url: str) -> tuple[str, str] | None:
        """The ETag and Last-Modified last put for this address ("" for one it hadn't), or None."""
        ...

    def put(self, url: str, etag: str, last_modified: str) -> None:
        """Remember them, verbatim."""
        ...


@dataclass(frozen=True, slots=True)
class _Raw:
    """An answer before it is judged."""

    url: httpx.URL
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def location(self) -> str | None:
        return self.headers.get("location") if self.status in REDIRECTS else None


class _RedirectError(SourceError):
    """Redirects that lead nowhere."""


class Client:
    """Implements `collectors.contract.Fetch` for a source without keys; `visit` does for others.

    Use it as ``async with``, within one event loop.

    Args:
        contact: an address of a page or mailbox at which its owner can be reached; goes into User-Agent.
        limits: all numbers.
        transport: httpx's; by default one that connects to public addresses only. Another one
            (a proxy, a replay) must see to that itself: only literal addresses are checked before it.
        private: whether private addresses are fine for the client's own `get` and `post`.
        clock: time.
        dice: spreads the retries.

    Raises:
        SettingsError: the contact is neither a web nor a mail address.
    """

    def __init__(  # noqa: PLR0913 each is a part that tests exchange
        self,
        contact: str,
        *,
        limits: Limits | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        private: bool = False,
        clock: Clock | None = None,
        dice: random.Random | None = None,
    ) -> None:
        if not CONTACT.fullmatch(contact) or not contact.isascii():
            raise SettingsError(f"The contact {contact!r} is neither a web address nor a mail address.")
        self.agent: Final = f"narra/{version('narra')} (+{contact})"
        self.limits: Final = limits or Limits()
        self.clock: Final = clock or Clock()
        self.dice: Final = dice or random.Random()  # noqa: S311 spreads retries, guards nothing
        self.pacer: Final = Pacer(self.limits.interval, self.limits.per_host, self.limits.overall, self.clock)
        self.robots: Final = Robots(self.clock)
        self._given = transport
        self._transports: dict[bool, httpx.AsyncBaseTransport] = {}
        self._own = self.visit(private=private)
        self.get = self._own.get
        self.post = self._own.post
        self.space = self._own.space

    def visit(
        self,
        *,
        keys: Iterable[str] = (),
        private: bool = False,
        language: str = "",
        validators: Validators | None = None,
    ) -> Visiting:
        """One source's view of this client.

        Args:
            keys: values that never show (`Visit.keys`' values).
            private: whether the source may lie on a private address.
            language: of the source, for pages that don't say how they are encoded.
            validators: for conditional requests; without, they are ordinary ones.
        """
        return Visiting(self, Mask(keys), private=private, language=language, validators=validators)

    def transport(self, *, private: bool) -> httpx.AsyncBaseTransport:
        """The connections for private addresses are never shared with those who may not have them."""
        if self._given is not None:
            return self._given
        if private not in self._transports:
            self._transports[private] = GuardedTransport(private=private)
        return self._transports[private]

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in (*self._transports.values(), *([self._given] if self._given else [])):
            await transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class Visiting:
    """Implements `collectors.contract.Fetch` for one visit; made by `Client.visit`."""

    def __init__(
        self, client: Client, mask: Mask, *, private: bool, language: str, validators: Validators | None
    ) -> None:
        self._client = client
        self._limits = client.limits
        self._mask = mask
        self._private = private
        self._language = language
        self._validators = validators
        # One visit's cookies are not another's. http.cookiejar minds whose each one is.
        self._cookies = httpx.Cookies()

    async def get(  # noqa: PLR0913 the contract's
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
        """See `collectors.contract.Fetch.get`."""
        try:
            address = checked(url, params, private=self._private)
            wish = Wish(address, headers=_headers(headers), limit=limit, robots=robots, allow=allow)
            return await (self._changed(wish) if conditional and self._validators else self._page(wish))
        except SourceError as error:
            raise self._masked(error, url) from None

    async def post(
        self,
        url: str,
        *,
        json: object,
        headers: Mapping[str, str] | None = None,
        limit: int = 20_000_000,
        allow: frozenset[int] = frozenset(),
    ) -> Page:
        """See `collectors.contract.Fetch.post`. Redirects are not followed."""
        content = json_module.dumps(json, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        try:
            address = checked(url, private=self._private)
            said = _headers({"Content-Type": "application/json", **(headers or {})})
            wish = Wish(address, "POST", said, content, limit=limit, robots=False, allow=allow)
            return await self._page(wish)
        except SourceError as error:
            raise self._masked(error, url) from None

    def space(self, url: str, seconds: float) -> None:
        """See `collectors.contract.Fetch.space`."""
        host = Wish(checked(url, private=self._private)).host
        self._client.pacer.slow_down(host, seconds)

    # -- the page

    def _masked(self, error: SourceError, url: str) -> SourceError:
        where = PASSWORD.sub("//", url[:URL_SHOWN])
        return SourceError(error.status, self._mask.clean(f"{where}: {error.detail}"), error.retry_after)

    async def _changed(self, wish: Wish) -> Page:
        validators, name = self._validators, self._mask.clean(str(wish.url))
        known = validators.get(name) if validators else None
        page = await self._page(_conditional(wish, *known) if known else wish)
        etag, modified = page.headers.get("etag", ""), page.headers.get("last-modified", "")
        if validators and page.status == httpx.codes.OK and (etag or modified):
            validators.put(name, etag, modified)
        return page

    async def _page(self, wish: Wish) -> Page:
        raw = await self._followed(wish)
        declared = raw.headers.get("content-type", "")
        media_type = declared.partition(";")[0].strip().lower()
        text = "" if NO_TEXT.fullmatch(media_type) else decode(raw.content, declared, self._language)
        unchanged = raw.status == httpx.codes.NOT_MODIFIED
        return Page(
            self._mask.clean(str(raw.url)),
            raw.status,
            raw.headers,
            raw.content,
            text,
            media_type,
            not_modified=unchanged,
        )

    # -- redirects

    async def _followed(self, wish: Wish) -> _Raw:
        trail: list[tuple[str, str]] = []
        while True:
            if wish.robots:
                await self._obey_robots(wish)
            here = (str(wish.url), self._cookie(wish.url))
            _check_trail(trail, here, self._limits.redirects)
            trail.append(here)
            raw = await self._persistently(wish)
            if raw.location is None or raw.status in wish.allow:
                return raw
            if wish.method != "GET":
                raise _RedirectError("wrong_content", "sends us elsewhere, where nothing is posted")
            wish = wish.moved(raw.location, private=self._private)

    def _cookie(self, url: httpx.URL) -> str:
        request = httpx.Request("GET", url)
        self._cookies.set_cookie_header(request)
        return str(request.headers.get("cookie", ""))

    # -- robots.txt

    async def _obey_robots(self, wish: Wish) -> None:
        rules = await self._client.robots.rules(wish.origin, lambda: self._robots_file(wish.origin))
        self._client.pacer.slow_down(wish.host, min(rules.interval, self._limits.crawl_delay))
        rules.check(str(wish.url))

    async def _robots_file(self, origin: str) -> RobotsFile:
        wish = Wish(
            checked(f"{origin}/robots.txt", private=self._private),
            limit=BYTES,
            cut=True,
            robots=False,
            walls=False,
            allow=frozenset(range(400, 500)) - {429},
            at_last=frozenset(range(500, 600)),
        )
        try:
            raw = await self._followed(wish)
        except _RedirectError:
            return RobotsFile(404)  # RFC 9309 2.3.1.2: as if there were none
        except SourceError as error:
            raise SourceError(error.status, f"robots.txt: {error.detail}", error.retry_after) from None
        return RobotsFile(raw.status, raw.content)

    # -- retries

    async def _persistently(self, wish: Wish) -> _Raw:
        clock, attempt, until = self._client.clock, 0, float("inf")
        while True:
            attempt += 1
            raw, error = await self._attempt(wish)
            if error is None and raw is not None:
                return raw
            if error is None:
                raise AssertionError("an attempt ends with an answer or an error")
            pause = self._pause(wish, attempt, raw, error)
            # Counted from the first failure: waiting for a turn takes nothing from the budget.
            until = min(until, clock.monotonic() + self._limits.retry_seconds)
            if pause is None or clock.monotonic() + pause > until:
                return self._given_up(wish, raw, error)
            self._client.pacer.hold(wish.host, pause)
            await clock.sleep(pause)

    async def _attempt(self, wish: Wish) -> tuple[_Raw | None, SourceError | None]:
        try:
            raw = await self._exchange(wish)
        except PassingError as passing:
            return None, passing.error
        return raw, self._judge(wish, raw)

    def _judge(self, wish: Wish, raw: _Raw) -> SourceError | None:
        wall = find_wall(raw.headers, raw.content) if wish.walls else None
        if wall is not None:
            return SourceError("blocked", f"{wall} answered in the site's place (HTTP {raw.status})")
        if raw.status in wish.allow or raw.location is not None:
            return None
        if raw.status == httpx.codes.NOT_MODIFIED and _is_conditional(wish):
            return None
        wait = retry_after(raw.headers.get("retry-after", ""), self._client.clock.now())
        return refusal(raw.status, wait, with_key=self._carries_key(wish))

    def _pause(self, wish: Wish, attempt: int, raw: _Raw | None, error: SourceError) -> float | None:
        """Seconds until the next attempt, or None: there is to be none."""
        if attempt >= self._limits.attempts or not _may_pass(wish, raw, error):
            return None
        usual = backoff(self._limits.backoff, attempt, self._client.dice)
        pause = max(usual, error.retry_after or 0.0)
        return None if (error.retry_after or 0.0) > self._limits.longest_wait else pause

    def _given_up(self, wish: Wish, raw: _Raw | None, error: SourceError) -> _Raw:
        if raw is not None and raw.status in wish.at_last:
            return raw
        if error.retry_after is not None and raw is not None and raw.status in PASSING:
            # Other sources on this host are spared the asking, and the host too.
            self._client.pacer.close(wish.host, error.retry_after)
            raise SourceError("rate_limited", error.detail, error.retry_after)
        raise error

    def _carries_key(self, wish: Wish) -> bool:
        headers = wish.headers or httpx.Headers()
        sent = [str(wish.url), *headers.values(), (wish.content or b"").decode("utf-8")]
        return "authorization" in headers or any(self._mask.hides(text) for text in sent)

    # -- one exchange

    async def _exchange(self, wish: Wish) -> _Raw:
        closed = self._client.pacer.closed_for(wish.host)
        if closed:
            raise SourceError("rate_limited", "the host asked to be left alone for a while", closed)
        async with self._client.pacer.turn(wish.host):
            try:
                return await self._within_time(wish)
            except TimeoutError:
                raise PassingError(SourceError("unreachable", "the answer came too slowly")) from None
            except httpx.TransportError as error:
                raise failure(error) from None

    async def _within_time(self, wish: Wish) -> _Raw:
        async with asyncio.timeout(self._limits.total_seconds) as timer:
            request = self._request(wish)
            response = await self._client.transport(private=self._private).handle_async_request(request)
            response.request = request
            try:
                self._cookies.extract_cookies(response)
                content = await self._body(wish, response, timer)
            finally:
                await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return _Raw(wish.url, response.status_code, headers, content)

    def _request(self, wish: Wish) -> httpx.Request:
        limits = self._limits
        seconds = httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds, pool=None)
        own = {"User-Agent": self._client.agent, "Accept": "*/*", "Accept-Encoding": ACCEPTED}
        headers = httpx.Headers(own)
        headers.update(wish.headers)

        async def traced(event: str, _: Mapping[str, object]) -> None:
            # The interval counts from here; connecting may have taken as long as the interval itself.
            if event.endswith("send_request_headers.started"):
                self._client.pacer.started(wish.host)

        extensions = {"timeout": seconds.as_dict(), "trace": traced}
        request = httpx.Request(wish.method, wish.url, headers=headers, content=wish.content, extensions=extensions)
        self._cookies.set_cookie_header(request)
        return request

    async def _body(self, wish: Wish, response: httpx.Response, timer: asyncio.Timeout) -> bytes:
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return b""
        wanted = response.is_success or response.status_code in wish.allow
        limit = wish.limit if wanted else min(wish.limit, ERROR_BYTES)
        cut = wish.cut or not wanted
        if not cut and _announced(response) > limit:
            raise too_large(limit)
        begun, so_far = timer.when(), 0

        def received(size: int) -> None:
            # What keeps coming may take longer; a trickle gains nothing by coming.
            nonlocal so_far
            so_far += size
            timer.reschedule((begun or 0.0) + so_far / self._limits.slowest)

        if not isinstance(response.stream, AsyncIterable):
            raise TypeError("a transport for asyncio gives bodies to be read asynchronously")
        # Not `aiter_raw`: it refuses what a replaying transport had in memory already.
        return await read_body(response.stream, response.headers.get("content-encoding", ""), limit, received, cut=cut)


def _headers(headers: Mapping[str, str] | None) -> httpx.Headers:
    try:
        return httpx.Headers(headers)
    except UnicodeEncodeError:  # whose own message would quote the key
        raise SourceError("rejected_query", "a header or key holds letters that HTTP does not carry") from None


def _conditional(wish: Wish, etag: str, modified: str) -> Wish:
    said = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = httpx.Headers(wish.headers)
    headers.update(_headers({name: value for name, value in said.items() if value}))
    return replace(wish, headers=headers)


def _is_conditional(wish: Wish) -> bool:
    return bool(wish.headers and {"if-none-match", "if-modified-since"} & set(wish.headers))


def _may_pass(wish: Wish, raw: _Raw | None, error: SourceError) -> bool:
    if raw is None:
        return wish.method == "GET"  # the server may have taken a POST before it fell silent
    if error.status == "blocked":  # a wall doesn't open by being asked again
        return False
    return raw.status in (PASSING if wish.method == "GET" else NOT_TAKEN)


def _check_trail(trail: list[tuple[str, str]], here: tuple[str, str], redirects: int) -> None:
    """Raise where redirects lead in circles; a gate that sets a cookie is passed once."""
    before = [cookie for url, cookie in trail if url == here[0]]
    if here[1] in before or len(before) > 1:
        raise _RedirectError("blocked", "redirects lead in a circle; a gate lets nobody through")
    if len(trail) > redirects:
        raise _RedirectError("wrong_content", f"more than {redirects} redirects")


def _announced(response: httpx.Response) -> int:
    length = response.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
