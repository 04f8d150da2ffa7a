"""The shared words, as frozen records. Every stage takes and gives these."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from corpus.calendar import MEMBER_SINCE, Published, is_member

Kind = Literal["news", "official"]
Narrative = Literal["korea", "asean"]
Field = Literal["title", "body"]
FormClass = Literal["official", "common", "demonym", "capital", "abbreviation", "body", "event", "inside"]

KINDS: Final[tuple[Kind, ...]] = ("news", "official")
NARRATIVES: Final[tuple[Narrative, ...]] = ("korea", "asean")
FORM_CLASSES: Final[tuple[FormClass, ...]] = (
    "official",
    "common",
    "demonym",
    "capital",
    "abbreviation",
    "body",
    "event",
    "inside",
)
MEMBERS: Final[tuple[str, ...]] = tuple(sorted(MEMBER_SINCE))
ENTITIES: Final[tuple[str, ...]] = ("ASEAN", "SEA", *MEMBERS, "KR", "KP", "KOREA")

LANGUAGES: Final[tuple[str, ...]] = (
    "ko",
    "en",
    "id",
    "ms",
    "th",
    "vi",
    "fil",
    "my",
    "km",
    "lo",
    "zh-Hans",
    "zh-Hant",
    "ta",
    "pt",
    "tet",
    "jv",
)

ENTITY_NAMES: Final[dict[str, str]] = {
    "ASEAN": "ASEAN",
    "SEA": "Southeast Asia",
    "BN": "Brunei",
    "ID": "Indonesia",
    "KH": "Cambodia",
    "LA": "Laos",
    "MM": "Myanmar",
    "MY": "Malaysia",
    "PH": "Philippines",
    "SG": "Singapore",
    "TH": "Thailand",
    "TL": "Timor-Leste",
    "VN": "Vietnam",
    "KR": "South Korea",
    "KP": "North Korea",
    "KOREA": "Korea (North or South not told)",
}

NARRATIVE_NAMES: Final[dict[str, str]] = {"korea": "Korea's narrative", "asean": "ASEAN's narrative"}


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes.

    Attributes:
        name: as the record gives it; with ``country`` it identifies the outlet.
        country: ISO 3166 alpha-2, or ``ASEAN`` for the Secretariat.
    """

    name: str
    country: str

    @property
    def id(self) -> str:
        """``KR:한겨레``: readable, and unique."""
        return f"{self.country}:{self.name}"


@dataclass(frozen=True, slots=True)
class Document:
    """One text as one outlet published it.

    Attributes:
        keys: what identifies it, strongest first: ``id:<archive>:<id>`` and
            ``url:<canonical>``. See `corpus.identity`.
        source: where we collected it (a file's name, or a source's slug).
        outlet: who published it.
        kind: ``news`` or ``official``.
        language: CLDR code, or ``und`` where the record says nothing.
        title: may be empty, as may ``body``, but not both.
        body: the text, as stored; every offset points into it.
        url: as given, or None.
        published: None where no publication date is known.
        keywords: an archive's own keywords; never tagged, never part of the body.
        excluded: why the archive itself sets it aside (BigKinds' ``분석제외 여부``), or "".
    """

    keys: tuple[str, ...]
    source: str
    outlet: Outlet
    kind: Kind
    language: str
    title: str
    body: str
    url: str | None = None
    published: Published | None = None
    keywords: str = ""
    excluded: str = ""

    @property
    def id(self) -> str:
        """A short stable name made from the strongest key (16 hexadecimal digits)."""
        return document_id(self.keys[0])

    @property
    def hash(self) -> str:
        """The hash of what it says: title and body (16 hexadecimal digits)."""
        return text_hash(self.title, self.body)


def document_id(key: str) -> str:
    """Give the id of the document whose strongest key this is (16 hexadecimal digits)."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def text_hash(title: str, body: str) -> str:
    """Give the hash of what a text says (16 hexadecimal digits)."""
    content = f"{title}\x1f{body}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:16]


def narrative_of(country: str, day: str | None) -> Narrative | None:
    """Give the side whose talk a document is.

    Korea's narrative is what Korea publishes; ASEAN's is what the Secretariat and
    the states that were members on that day publish. Anything else has no side.
    """
    if country == "KR":
        return "korea"
    if country == "ASEAN" or is_member(country, day):
        return "asean"
    return None


class Mention(NamedTuple):
    """One name in one text. A tuple, since millions of them are made.

    Attributes:
        start: first character of the name in the text as given (code points).
        end: one past its last character.
        entity: ``ASEAN``, ``SEA``, an ISO 3166 code, or ``KOREA``.
        form_class: official, common, demonym, capital, abbreviation, body, event,
            or inside (part of another thing's proper name).
        form: the lexicon's spelling of the name that matched.
        rule: the rule that decided, where one was needed, else "".
    """

    start: int
    end: int
    entity: str
    form_class: FormClass
    form: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class StoredMention:
    """A mention in its place: which document, which field, which sentence.

    ``sentence`` counts from 0 within the field; the offsets are the field's.
    """

    document: int
    field: Field
    sentence: int
    mention: Mention


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was not taken.

    Attributes:
        file: the file as the user named it.
        line: 1-based line (or sheet row), 0 for the file as a whole.
        reason: short, stable, countable.
        detail: what exactly.
    """

    file: str
    line: int
    reason: str
    detail: str = ""


@dataclass(slots=True)
class ImportSummary:
    """What became of the records of one import.

    ``taken`` are new, ``known`` were there already and say the same, ``changed``
    were there and say something else now, ``refused`` were not taken. ``damaged``
    says what is wrong with the file as a whole (it is cut off, say), or is empty.
    ``sampled`` says whether its documents were taken as found by a search, which
    count nowhere; ``suspicion`` why they look so though they were not, or is empty.
    """

    taken: int = 0
    known: int = 0
    changed: int = 0
    refused: int = 0
    excluded: int = 0
    undated: int = 0
    damaged: str = ""
    sampled: bool = False
    suspicion: str = ""
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """All records seen."""
        return self.taken + self.known + self.changed + self.refused


@dataclass(frozen=True, slots=True)
class Count:
    """One row of the hand-over between language and statistics.

    How many documents of one cell (narrative, outlet, language, kind, day) name a
    target by a form class. ``target`` is an entity, or one of the combinations
    of `nlp.count.TARGETS`; ``*`` is every document: the denominator.

    Attributes:
        form_class: one class, or ``named``: any class but capital and inside.
        frame: ``*`` for any, or a label of the framing of its surroundings (see `nlp.count.labels_of`).
        documents: documents that name it, copies included.
        stories: the same, one document a story (its earliest).
        sentences: sentences that name it (for ``*``: all sentences).
        headlines: titles that name it (for ``*``: documents with a title).
    """

    narrative: Narrative
    outlet: str
    language: str
    kind: Kind
    day: str
    target: str
    form_class: str
    frame: str
    documents: int
    stories: int
    sentences: int
    headlines: int
