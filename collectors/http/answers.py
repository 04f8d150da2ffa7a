"""From what a server did to the status of a visit."""

from __future__ import annotations

import socket
import ssl
from typing import Final

import httpx

from collectors.http.addresses import CertificateError, HandshakeError, PrivateAddressError, causes
from collectors.outcome import SourceError, Status

GIVEN: Final = frozenset({200, 201, 203})
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BY_STATUS: Final[dict[int, tuple[Status, str]]] = {
    304: ("wrong_content", "said that nothing had changed, though it was not asked that"),
    404: ("gone", "no longer exists"),
    408: ("unreachable", "gave up waiting for the request"),
    410: ("gone", "no longer exists"),
    429: ("rate_limited", "asked to be left alone for a while"),
    451: ("blocked", "is withheld for legal reasons"),
}


class PassingError(Exception):
    """A failure of the network that may be gone in a moment.

    Args:
        error: what it is called if it isn't.
    """

    def __init__(self, error: SourceError) -> None:
        super().__init__(str(error))
        self.error = error


def refusal(status: int, wait: float | None, *, with_key: bool) -> SourceError | None:
    """The error for an HTTP status, or None where an answer was given.

    Args:
        status: HTTP status; redirects that lead somewhere are not asked about.
        wait: seconds from a Retry-After header.
        with_key: whether the request carried a key.
    """
    if status in GIVEN:
        return None
    word, what = _meaning(status, with_key=with_key)
    return SourceError(word, f"{what} (HTTP {status})", wait)


def _meaning(status: int, *, with_key: bool) -> tuple[Status, str]:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status in {401, 403}:
        return ("auth", "did not accept the key") if with_key else ("blocked", "refused")
    if 400 <= status < 500:  # noqa: PLR2004 the range HTTP gives to errors of the asker
        return "rejected_query", "did not accept the question"
    if 500 <= status < 600:  # noqa: PLR2004 and to the server's own
        return "unreachable", "the server has an error of its own"
    return "wrong_content", "answered without the content asked for"


def failure(error: httpx.TransportError) -> SourceError | PassingError:
    """What a failed exchange means: for good, or perhaps only for now."""
    chain = list(causes(error))

    def came_of(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in chain)

    if came_of(PrivateAddressError):
        return SourceError(
            "blocked",
            "the name stands for a private address; if that is right, set private = true in the source's file",
        )
    if came_of(CertificateError, ssl.SSLCertVerificationError):
        return SourceError("unreachable", "the certificate is not valid for this host, so nothing was read")
    if came_of(HandshakeError, ssl.SSLError):
        return SourceError("blocked", "the host took the connection, and then refused or reset TLS")
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return SourceError("rejected_query", "the request cannot be written as HTTP; is there a line break in a key?")
    return PassingError(_passing(error, reset=came_of(ConnectionResetError), unknown=came_of(socket.gaierror)))


def _passing(error: httpx.TransportError, *, reset: bool, unknown: bool) -> SourceError:
    if reset:
        return SourceError("blocked", "the connection was reset")
    if unknown:
        return SourceError("unreachable", "no such host")
    if isinstance(error, httpx.TimeoutException):
        return SourceError("unreachable", "no answer in time")
    if isinstance(error, httpx.ConnectError):
        return SourceError("unreachable", "no connection")
    return SourceError("unreachable", "the connection ended before the answer did")
