"""Bodies: never more than allowed, in the packed form or the unpacked one.

httpx unpacks a piece as a whole, and 64 kB of gzip may hold 64 MB; here a piece is
never unpacked beyond what is still allowed.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Callable
from typing import Final

from collectors.outcome import SourceError

ACCEPTED: Final = "gzip, deflate"
GZIP: Final = zlib.MAX_WBITS | 16
PIECE: Final = 64 * 1024


async def read_body(
    pieces: AsyncIterable[bytes], encoding: str, limit: int, received: Callable[[int], None], *, cut: bool = False
) -> bytes:
    """Read a body to its end, unpacking on the way.

    Args:
        pieces: as they come.
        encoding: the Content-Encoding header.
        limit: most bytes, unpacked.
        received: is told the size of every piece (as it came).
        cut: stop at the limit instead of raising.

    Raises:
        SourceError: larger than allowed or packed in an unknown way (wrong_content), or broken (malformed).
    """
    unpacker = _unpacker(encoding, limit)
    async for piece in pieces:
        received(len(piece))
        unpacker.feed(piece)
        if unpacker.full:
            if cut:
                return bytes(unpacker.content[:limit])
            raise too_large(limit)
    unpacker.end()
    return bytes(unpacker.content)


def gunzip(content: bytes, limit: int) -> bytes:
    """Unpack a gzip file that came as a file (``sitemap.xml.gz``), at most to the limit.

    Raises:
        SourceError: larger than allowed (wrong_content), or broken (malformed).
    """
    unpacker = _Unpacker(limit, GZIP)
    for start in range(0, len(content), PIECE):
        unpacker.feed(content[start : start + PIECE])
        if unpacker.full:
            raise too_large(limit)
    unpacker.end()
    return bytes(unpacker.content)


def too_large(limit: int) -> SourceError:
    """The error for a body beyond its limit."""
    return SourceError("wrong_content", f"larger than the {limit:,} bytes allowed")


class _Plain:
    def __init__(self, limit: int) -> None:
        self.content = bytearray()
        self._limit = limit

    @property
    def full(self) -> bool:
        return len(self.content) > self._limit

    def feed(self, piece: bytes) -> None:
        self.content += piece

    def end(self) -> None:
        pass


class _Unpacker(_Plain):
    """Unpacks gzip (also of several members) or zlib."""

    def __init__(self, limit: int, form: int) -> None:
        super().__init__(limit)
        self._form = form
        self._zip = zlib.decompressobj(form)
        self._begun = False

    def feed(self, piece: bytes) -> None:
        while piece and not self.full:
            if self._zip.eof:
                if self._form != GZIP or not piece.strip(b"\0"):  # padding, or rubbish after the end
                    return
                self._zip = zlib.decompressobj(self._form)
            self._begun = True
            piece = self._unpack(piece)

    def _unpack(self, piece: bytes) -> bytes:
        try:
            # One byte beyond what's allowed shows that there is more.
            self.content += self._zip.decompress(piece, self._limit - len(self.content) + 1)
        except zlib.error:
            raise SourceError("malformed", "the packed body is broken") from None
        return self._zip.unconsumed_tail or self._zip.unused_data

    def end(self) -> None:
        if self._begun and not self._zip.eof:
            raise SourceError("malformed", "the packed body ends before its end")


class _Deflate(_Unpacker):
    """``deflate`` means zlib, and some servers send it without zlib's two first bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit, zlib.MAX_WBITS)
        self._head: bytes | None = b""

    def feed(self, piece: bytes) -> None:
        if self._head is not None:
            self._head += piece
            if len(self._head) < 2:  # noqa: PLR2004 the two bytes of zlib's header
                return
            piece, self._head = self._head, None
            if piece[0] & 0x0F != zlib.DEFLATED or int.from_bytes(piece[:2]) % 31:
                self._form = -zlib.MAX_WBITS
                self._zip = zlib.decompressobj(self._form)
        super().feed(piece)


def _unpacker(encoding: str, limit: int) -> _Plain:
    match encoding.strip().lower():
        case "" | "identity" | "none":
            return _Plain(limit)
        case "gzip" | "x-gzip":
            return _Unpacker(limit, GZIP)
        case "deflate":
            return _Deflate(limit)
        case other:
            raise SourceError("wrong_content", f"packed as {other[:40]!r}, which was not asked for")
