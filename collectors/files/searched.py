"""Tell whether a file may be the result of a search: no share can be taken of such documents."""

from __future__ import annotations

import re
from typing import Final

from collectors.files.form import FormatKind
from collectors.kinds.naver import QUERIES
from corpus.model import Document

# Nobody exports all that an archive holds of an outlet from these: what they give was searched for.
SEARCHED: Final[frozenset[FormatKind]] = frozenset({"nexis", "factiva", "parquet of a search"})
# Fewer documents say nothing.
LEAST: Final = 20
# Of all that a general newspaper prints, hardly a tenth names ASEAN, the region or a member.
MOST: Final = 0.5

_NAMES: Final = re.compile("|".join((*QUERIES, "ASEAN")), re.IGNORECASE)


class Watch:
    """Counts the documents that name what an analyst of ours would search for.

    A look at spellings, no tagging: it only decides whether to ask. The archive's own keywords
    are looked at too, for they cover the whole story of which the body is the beginning.
    """

    def __init__(self) -> None:
        self.documents = 0
        self.naming = 0

    def see(self, document: Document) -> None:
        """Count one."""
        self.documents += 1
        self.naming += any(_NAMES.search(text) for text in (document.title, document.body, document.keywords))

    @property
    def suspicion(self) -> str:
        """Say why they look like the result of a search, or ""."""
        if self.documents < LEAST or self.naming <= MOST * self.documents:
            return ""
        share = self.naming / self.documents
        return (
            f"{share:.0%} of {self.documents:,} documents name ASEAN, Southeast Asia or a member; "
            "of all that a newspaper prints, few do"
        )
