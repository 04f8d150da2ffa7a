"""Pages that stand in front of a site and are not the site: challenges, gates, JavaScript walls.

They come with any status, 200 among them, and would otherwise be read as a page with
nothing in it. A page is called a wall only by marks that no ordinary page carries:
Cloudflare, say, puts one of its scripts into every page it passes on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

LOOKED_AT: Final = 64 * 1024
# A page whose only purpose is to set a cookie and load again is short.
SHORT: Final = 8 * 1024
FEW_WORDS: Final = 20

_HEADERS: Final = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "challenge", "AWS WAF"),
    ("x-amzn-waf-action", "captcha", "AWS WAF"),
)
# A literal, which is quick to look for; what must stand around it; whose it is.
_MARKS: Final = (
    (b"sucuri_cloudproxy_js", rb"", "Sucuri"),
    (b"You are being redirected...", rb"<title>\s*You are being redirected", "Sucuri"),
    (b"Sucuri WebSite Firewall", rb"<title>\s*Sucuri WebSite Firewall", "Sucuri"),
    (b"_cf_chl_opt", rb"", "Cloudflare"),
    (b"Just a moment...", rb"<title>\s*Just a moment", "Cloudflare"),
    (b"Attention Required! | Cloudflare", rb"<title>\s*Attention Required!", "Cloudflare"),
    (b"Incapsula incident ID", rb"", "Imperva"),
    (b"DDoS-Guard", rb"<title>\s*DDoS-Guard", "DDoS-Guard"),
    (b"geo.captcha-delivery.com", rb"", "DataDome"),
    (b"Access to this page has been denied", rb"<title>\s*Access to this page", "a bot check"),
    (b"Human verification", rb"<title>\s*Human verification", "a bot check"),
    (b"slowAES.decrypt", rb"", "a cookie gate"),
)
_HTML: Final = re.compile(
    rb"\s*(?><!--.*?-->\s*)*+<(?:!doctype html|html|head|script|body|title|meta)\b", re.IGNORECASE | re.DOTALL
)
_SETS_COOKIE: Final = re.compile(rb"document\.cookie\s*=")
_LOADS_AGAIN: Final = re.compile(rb"location\s*(?:\.href)?\s*=|location\.(?:reload|replace|assign)\s*\(")
_WANTS_JS: Final = re.compile(
    rb"(?:enable|turn on|requires?)\s+(?:javascript|js)\b|javascript (?:is|to be) (?:required|disabled|enabled)",
    re.IGNORECASE,
)
_NOT_SHOWN: Final = re.compile(
    rb"<(script|style|noscript|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL
)


def find_wall(headers: Mapping[str, str], content: bytes) -> str | None:
    """Say whose wall an answer is, or None.

    Args:
        headers: lower-case names.
        content: the body, or its beginning.
    """
    for name, value, whose in _HEADERS:
        if headers.get(name, "").lower() == value:
            return whose
    head = content[:LOOKED_AT]
    if not _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        return None
    for literal, around, whose in _MARKS:
        if literal in head and re.search(around, head):
            return whose
    return "a page that needs JavaScript" if len(content) <= SHORT and _empty_shell(head) else None


def _empty_shell(page: bytes) -> bool:
    if len(_NOT_SHOWN.sub(b" ", page).split(None, FEW_WORDS)) > FEW_WORDS or b"<script" not in page.lower():
        return False
    return bool((_SETS_COOKIE.search(page) and _LOADS_AGAIN.search(page)) or _WANTS_JS.search(page))
