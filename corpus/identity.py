"""What makes two records the same document.

An archive's own id is the strongest key, and the canonical URL the next. Two
records that share a key are one document, unless an archive gives them
different ids: then the address they share is a home page, not an article.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# Parameters that say how a reader came, not what is read. An explicit list: a
# pattern such as "anything that begins with cid" merges different articles.
TRACKERS: Final = frozenset(
    {
        "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id",
        "fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "yclid", "_ga",
    }
)  # fmt: skip
_DEFAULT_PORTS: Final = {"http": {80, 443}, "https": {80, 443}}


def canonical_url(url: str) -> str:
    """Bring an address to the form by which it is compared.

    https, lower-case host, no default or misplaced port (``http://host:443``), no
    fragment, no tracking parameter, the query sorted. The path is kept as it is
    but for its escapes, and so is every other parameter.

    Raises:
        ValueError: not an http(s) address.
    """
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        message = f"not a web address: {url!r}"
        raise ValueError(message)
    host = parts.hostname.lower()
    host = f"[{host}]" if ":" in host else host
    if parts.port and parts.port not in _DEFAULT_PORTS[parts.scheme.lower()]:
        host = f"{host}:{parts.port}"
    path = quote(unquote(parts.path, errors="surrogateescape"), safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")
    kept = sorted(
        (k, v)
        for k, v in parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
        if k.lower() not in TRACKERS
    )
    return urlunsplit(("https", host, path or "/", urlencode(kept, errors="surrogateescape"), ""))


def document_keys(archive: str, archive_id: str | None, url: str | None) -> tuple[str, ...]:
    """Give the keys of a record, strongest first; empty where it has neither.

    Args:
        archive: whose ids these are: an id is unique within it.
        archive_id: the archive's own id.
        url: the address, canonicalised here; what is no web address is no key.
    """
    keys = []
    if archive_id:
        keys.append(f"id:{_escaped(archive)}:{archive_id}")
    if url:
        with suppress(ValueError):
            keys.append(f"url:{canonical_url(url)}")
    return tuple(keys)


def _escaped(archive: str) -> str:
    """Keep the colon for ourselves: an outlet's id (KR:한겨레) may be an archive's name."""
    return archive.replace("%", "%25").replace(":", "%3A")
