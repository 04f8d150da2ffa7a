"""What a note on a figure tells, where code asks: its type, since a text may be said in any language.

The other notes are plain texts.
"""

from __future__ import annotations


class Common(str):
    """Says over which outlets two quarters are compared, where these are not all of either."""

    __slots__ = ()


class Single(str):
    """Says that a figure rests on one outlet."""

    __slots__ = ()


class Unreliable(str):
    """Says that a frame is not told well enough in a language."""

    __slots__ = ()
