"""The catalogue: all sources, from the files that say them.

A new outlet is one small file in ``collectors/sources/<country>/`` or, for one
workspace only, in its ``sources/`` folder, where a file of a name that narra has
too takes its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from collectors.source import Source, SourceFileError, read_source
from corpus.errors import InputError
from corpus.model import Kind, Narrative, narrative_of

SHIPPED: Final = Path(__file__).parent / "sources"


def folders_of(workspace: Path) -> tuple[Path, ...]:
    """Give the folders whose sources a workspace has: narra's own, and its own, which wins."""
    return (SHIPPED, workspace / "sources")


def load(folders: Iterable[Path] = (SHIPPED,)) -> dict[str, Source]:
    """Read every source, by slug.

    Args:
        folders: searched with all below them; a later one's file takes the place of an
            earlier one's of the same name. One that is not there has none.

    Raises:
        SourceFileError: names every file that is wrong, not only the first.
    """
    found: dict[str, Source] = {}
    problems: list[str] = []
    for folder in folders:
        sources, wrong = _read_folder(folder)
        found |= sources
        problems += wrong
    if problems:
        raise SourceFileError("\n".join(problems))
    return dict(sorted(found.items()))


def _read_folder(folder: Path) -> tuple[dict[str, Source], list[str]]:
    first: dict[str, Path] = {}
    sources: dict[str, Source] = {}
    problems: list[str] = []
    for path in sorted(folder.rglob("*.toml")):
        try:
            source = read_source(path)
        except SourceFileError as error:
            problems.append(str(error))
            continue
        if source.slug in first:
            problems.append(f"{path}: {first[source.slug]} has this name too; a source's name is its own")
        first[source.slug] = path
        sources[source.slug] = source
    return sources, problems


def select(
    catalogue: Mapping[str, Source],
    *,
    slugs: Sequence[str] = (),
    narrative: Narrative | None = None,
    kinds: Collection[Kind] | None = None,
) -> list[Source]:
    """Choose sources.

    Args:
        catalogue: as `load` gives it.
        slugs: these, enabled or not; none: all that are enabled.
        narrative: only those of this side, as of today; None: both.
        kinds: only those of these kinds of document; None: any.

    Raises:
        InputError: a slug is not in the catalogue.
    """
    chosen = {slug: find(catalogue, slug) for slug in slugs} or {k: s for k, s in catalogue.items() if s.enabled}
    return [
        source
        for source in chosen.values()
        if (narrative is None or narrative_of(source.country, None) == narrative)
        and (kinds is None or source.kind in kinds)
    ]


def find(catalogue: Mapping[str, Source], slug: str) -> Source:
    """Give the source of a name.

    Raises:
        InputError: there is none; similar names are told.
    """
    if slug in catalogue:
        return catalogue[slug]
    near = get_close_matches(slug, catalogue, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "List them with: narra sources"
    raise InputError(f"There is no source {slug!r}. {hint}")
