"""The store's schema, as recorded steps. A step that was released is never edited: add one after it."""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database, Migrations

migrations: Final = Migrations("narra")


@migrations()
def m001_tables(db: Database) -> None:
    """Make the first tables."""
    for statement in _TABLES:
        db.execute(statement)


@migrations()
def m002_visits(db: Database) -> None:
    """Make the tables of collecting: visits, gaps, and what sources remember."""
    for statement in _VISIT_TABLES:
        db.execute(statement)


@migrations()
def m003_links(db: Database) -> None:
    """Keep which documents are copies of each other, so that a new day is compared with the days around it only."""
    db.execute("ALTER TABLE documents ADD COLUMN linked TEXT")  # hash, day and rule it was compared by; NULL: not yet
    db.execute(
        """
        CREATE TABLE links (
            document INTEGER NOT NULL REFERENCES documents(row),
            copy INTEGER NOT NULL REFERENCES documents(row),   -- the greater row
            PRIMARY KEY (document, copy)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX links_copy ON links(copy)")
    db.execute("CREATE INDEX documents_when ON documents(language, day)")


_TABLES: Final = (
    """
    CREATE TABLE outlets (
        id TEXT PRIMARY KEY,          -- KR:한겨레
        name TEXT NOT NULL,
        country TEXT NOT NULL         -- ISO 3166 alpha-2, or ASEAN for the Secretariat
    ) STRICT
    """,
    """
    CREATE TABLE sources (
        id TEXT PRIMARY KEY,          -- a file's name, or a source's slug
        kind TEXT NOT NULL,           -- jsonl, csv, bigkinds …
        first_used TEXT NOT NULL,
        last_used TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE documents (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,      -- stable: made from the strongest key
        source TEXT NOT NULL REFERENCES sources(id),
        outlet TEXT NOT NULL REFERENCES outlets(id),
        narrative TEXT,               -- korea, asean, or NULL: neither side's on that day
        kind TEXT NOT NULL,
        language TEXT NOT NULL,
        url TEXT,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        keywords TEXT NOT NULL,       -- the archive's own; never tagged
        excluded TEXT NOT NULL,       -- why the archive sets it aside, or ''
        day TEXT,                     -- local publication date as ISO prefix, or NULL: unknown
        precision TEXT,               -- year, month, day, minute
        published_at TEXT,            -- UTC, where the minute is known
        published_how TEXT,           -- where the date comes from; never a fetch time
        published_original TEXT,
        first_seen TEXT NOT NULL,     -- when narra took it; says nothing about publication
        hash TEXT NOT NULL,
        story INTEGER,                -- row of the earliest copy
        tagged_hash TEXT,
        tagged_version TEXT,
        sentences INTEGER             -- of title and body, as of tagged_hash
    ) STRICT
    """,
    "CREATE INDEX documents_day ON documents(narrative, day)",
    "CREATE INDEX documents_story ON documents(story)",
    """
    CREATE TABLE keys (
        key TEXT PRIMARY KEY,         -- id:<archive>:<id> or url:<canonical>
        document INTEGER NOT NULL REFERENCES documents(row)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE versions (
        document INTEGER NOT NULL REFERENCES documents(row),
        hash TEXT NOT NULL,           -- of title and body
        first_seen TEXT NOT NULL,
        PRIMARY KEY (document, hash)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE stories (
        id INTEGER PRIMARY KEY,       -- row of its earliest document
        documents INTEGER NOT NULL,
        outlets INTEGER NOT NULL,
        first_day TEXT
    ) STRICT
    """,
    """
    CREATE TABLE mentions (
        document INTEGER NOT NULL REFERENCES documents(row),
        field TEXT NOT NULL,          -- title or body
        start INTEGER NOT NULL,       -- characters (code points) into that field
        end INTEGER NOT NULL,
        entity TEXT NOT NULL,
        form_class TEXT NOT NULL,
        form TEXT NOT NULL,
        rule TEXT NOT NULL,
        sentence INTEGER NOT NULL,    -- from 0 within the field
        lexicon TEXT NOT NULL,        -- version that found it
        PRIMARY KEY (document, field, start)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX mentions_entity ON mentions(entity, form_class)",
    """
    CREATE TABLE counts (
        narrative TEXT NOT NULL,
        outlet TEXT NOT NULL,
        language TEXT NOT NULL,
        kind TEXT NOT NULL,
        day TEXT NOT NULL,
        target TEXT NOT NULL,         -- '*' is every document: the denominator
        form_class TEXT NOT NULL,
        frame TEXT NOT NULL,
        documents INTEGER NOT NULL,
        stories INTEGER NOT NULL,
        sentences INTEGER NOT NULL,
        headlines INTEGER NOT NULL,
        PRIMARY KEY (narrative, target, form_class, frame, day, outlet, language, kind)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        stage TEXT NOT NULL,
        started TEXT NOT NULL,
        ended TEXT,                   -- NULL: it was interrupted, or is running
        status TEXT,
        summary TEXT                  -- JSON
    ) STRICT
    """,
    """
    CREATE TABLE issues (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs(id),
        file TEXT NOT NULL,
        line INTEGER NOT NULL,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE state (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

_VISIT_TABLES: Final = (
    """
    CREATE TABLE visits (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs(id),
        source TEXT NOT NULL REFERENCES sources(id),
        outlet TEXT NOT NULL,         -- KR:한겨레; of an archive of many outlets, the archive's own
        country TEXT NOT NULL,
        started TEXT NOT NULL,
        ended TEXT,                   -- NULL: it was killed, or is running
        status TEXT,                  -- one word of collectors.outcome, once ended
        detail TEXT NOT NULL DEFAULT '',
        answered INTEGER NOT NULL DEFAULT 0,   -- the source answered to the end: its window begins anew
        documents INTEGER NOT NULL DEFAULT 0,  -- new or changed
        refused INTEGER NOT NULL DEFAULT 0,
        since TEXT,                   -- the window it was to see (UTC); NULL: whatever the source has
        until TEXT NOT NULL,
        first_day TEXT NOT NULL,      -- the same window in the source's local days
        last_day TEXT NOT NULL,
        retry_at TEXT                 -- the source asked not to be visited before
    ) STRICT
    """,
    "CREATE INDEX visits_source ON visits(source, id)",
    """
    CREATE TABLE gaps (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL REFERENCES sources(id),
        first_day TEXT NOT NULL,
        last_day TEXT NOT NULL,
        status TEXT NOT NULL,         -- of the latest visit that left it
        detail TEXT NOT NULL,
        lost INTEGER NOT NULL,        -- items are known to be lost: no later visit can show them unasked
        first_visit INTEGER NOT NULL REFERENCES visits(id),
        visit INTEGER NOT NULL REFERENCES visits(id),  -- the latest
        closed_by INTEGER REFERENCES visits(id)  -- NULL: still open
    ) STRICT
    """,
    "CREATE INDEX gaps_source ON gaps(source, closed_by, first_day)",
    """
    CREATE TABLE deliveries (
        source TEXT NOT NULL REFERENCES sources(id),
        document INTEGER NOT NULL REFERENCES documents(row),
        first_seen TEXT NOT NULL,     -- documents.source names only the first source that brought it
        PRIMARY KEY (source, document)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE memory (
        source TEXT NOT NULL REFERENCES sources(id),
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (source, key)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE validators (
        url TEXT PRIMARY KEY,
        etag TEXT NOT NULL,           -- '' where the server gave none
        last_modified TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
