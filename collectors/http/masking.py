"""Keys never show: not in an error, not in a log, not in an address that is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, quote_plus, unquote

HIDDEN: Final = "***"
_HEX: Final = re.compile(r"%[0-9A-F]{2}")


class Mask:
    """Knows the values of keys in every spelling they are sent in.

    Args:
        values: what must not show; empty ones are left out.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        spellings = {spelling for value in values if value for spelling in _spellings(value)}
        # A key may begin with another: the longer one goes first.
        self._spellings = sorted(spellings, key=len, reverse=True)

    def __repr__(self) -> str:
        return f"Mask({HIDDEN})"

    def clean(self, text: str) -> str:
        """The text with every key in it hidden."""
        for spelling in self._spellings:
            text = text.replace(spelling, HIDDEN)
        return text

    def hides(self, text: str) -> bool:
        """Whether a key occurs in the text."""
        return any(spelling in text for spelling in self._spellings)


def _spellings(value: str) -> set[str]:
    plain = {value, value.strip(), unquote(value)}  # some keys are handed out percent-encoded
    in_address = {quote(one, safe=safe) for one in plain for safe in ("", "/", "/+=", "=", "/=", ":/?@!$&'()*+,;=")}
    in_address |= {quote_plus(one) for one in plain}
    in_address |= {_HEX.sub(lambda found: found[0].lower(), one) for one in in_address}
    in_json = {json.dumps(one, ensure_ascii=ascii_only)[1:-1] for one in plain for ascii_only in (True, False)}
    return (plain | in_address | in_json) - {""}
