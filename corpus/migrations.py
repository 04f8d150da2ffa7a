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


@migrations()
def m004_series(db: Database) -> None:
    """Keep series from outside, and which documents nothing but a search has brought."""
    for statement in _SERIES_TABLES:
        db.execute(statement)
    for statement in _SAMPLED:
        db.execute(statement)


@migrations()
def m005_words(db: Database) -> None:
    """Keep which words stand around the names, so that measures of words never read a text."""
    for statement in _WORD_TABLES:
        db.execute(statement)


@migrations()
def m007_scale(db: Database) -> None:
    """Let each stage find what is new by an index, and note which counts are out of date."""
    for statement in _SCALE:
        db.execute(statement)


@migrations()
def m008_framings(db: Database) -> None:
    """Keep what the talk around each target is about."""
    for statement in _FRAME_TABLES:
        db.execute(statement)


@migrations()
def m009_explore(db: Database) -> None:
    """Prepare for looking at the store: texts that changed since they were indexed, and what may be shown."""
    # For one target over all time; the table itself lies by cells. A quarter of the rows are in it.
    db.execute(
        "CREATE INDEX counts_named ON counts(target, narrative, outlet, day, documents, stories, headlines) "
        "WHERE frame = '*' AND form_class IN ('*', 'named')"
    )
    # The index for searching keeps no text, so what it holds can only be taken out by giving the same text again.
    db.execute(
        """
        CREATE TABLE search_stale (
            document INTEGER PRIMARY KEY,
            title TEXT NOT NULL,          -- as the index holds it
            body TEXT NOT NULL
        ) STRICT
        """
    )
    indexed = "old.row <= coalesce((SELECT CAST(value AS INTEGER) FROM state WHERE key = 'search_row'), 0)"
    for moment in (
        "AFTER UPDATE OF title, body ON documents WHEN (old.title <> new.title OR old.body <> new.body) AND",
        "AFTER DELETE ON documents WHEN",
    ):
        name = "search_changed" if "UPDATE" in moment else "search_deleted"
        db.execute(
            f"CREATE TRIGGER {name} {moment} {indexed} "  # noqa: S608 all of it is written here
            "BEGIN INSERT OR IGNORE INTO search_stale VALUES (old.row, old.title, old.body); END"
        )
    # Sources whose terms allow titles and links only: `texts` shows no more, whatever was stored before.
    db.execute("CREATE TABLE withheld (source TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")
    db.execute(
        """
        CREATE VIEW texts AS
        SELECT row, id, day, narrative, outlet, kind, language, title,
               CASE WHEN source IN (SELECT source FROM withheld) THEN '' ELSE body END AS text,
               url, source, story, excluded
        FROM documents
        """
    )


@migrations()
def m010_topics(db: Database) -> None:
    """Keep which topic each document is of, and what is to be said of topics without a model."""
    for statement in _TOPIC_TABLES:
        db.execute(statement)


@migrations()
def m011_lookups(db: Database) -> None:
    """Let a report of a million documents, a check and an export find what they ask for by an index."""
    for statement in _LOOKUPS:
        db.execute(statement)


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

_SERIES_TABLES: Final = (
    """
    CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,    -- wikimedia:views:ASEAN:ko
        unit TEXT NOT NULL,
        period TEXT NOT NULL,         -- how long a point's time is: day, week, month, year
        source TEXT NOT NULL REFERENCES sources(id),
        about TEXT NOT NULL,          -- entity; '*' is everything (a denominator), '' is none of ours
        audience TEXT NOT NULL,       -- whose interest it shows: ISO 3166 alpha-2, or ''
        narrative TEXT,               -- the side that audience is of, or NULL
        language TEXT NOT NULL,       -- or ''
        uncertainty TEXT NOT NULL,    -- what its bounds are, or that there are none
        scale TEXT NOT NULL           -- '' where figures are absolute; else only series of one scale compare
    ) STRICT
    """,
    """
    CREATE TABLE points (
        series INTEGER NOT NULL REFERENCES series(id),
        first_day TEXT NOT NULL,
        last_day TEXT NOT NULL,       -- within
        value REAL,                   -- NULL: asked for, and the source has no figure (yet)
        low REAL,
        high REAL,
        n INTEGER,                    -- answers behind a share
        note TEXT NOT NULL,
        origin TEXT NOT NULL,         -- where to look it up
        final INTEGER NOT NULL,       -- its time was over when it was fetched, and there was a figure
        fetched TEXT NOT NULL,
        PRIMARY KEY (series, first_day)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE revisions (
        series INTEGER NOT NULL REFERENCES series(id),
        first_day TEXT NOT NULL,
        value REAL NOT NULL,          -- what a final point said before its source changed it
        low REAL,
        high REAL,
        n INTEGER,
        note TEXT NOT NULL,
        fetched TEXT NOT NULL,        -- when it was given
        replaced TEXT NOT NULL,       -- when it was found changed
        PRIMARY KEY (series, first_day, fetched, replaced)
    ) STRICT, WITHOUT ROWID
    """,
)

_SAMPLED: Final = (
    "ALTER TABLE sources ADD COLUMN brings TEXT NOT NULL DEFAULT 'documents'",  # or series
    "ALTER TABLE sources ADD COLUMN sampled INTEGER NOT NULL DEFAULT 0",  # it gives what matches a query, no more
    "ALTER TABLE deliveries ADD COLUMN sampled INTEGER NOT NULL DEFAULT 0",  # the same, of this very delivery
    "ALTER TABLE documents ADD COLUMN sampled INTEGER NOT NULL DEFAULT 0",  # all of its deliveries are: no count
    "CREATE INDEX deliveries_document ON deliveries(document)",
    # Until now imports left no delivery.
    "INSERT OR IGNORE INTO deliveries (source, document, first_seen) SELECT source, row, first_seen FROM documents",
    """
    UPDATE sources SET sampled = 1
    WHERE kind IN ('naver', 'gdelt', 'mediacloud', 'nexis', 'factiva')
       OR kind = 'bigkinds' AND id IN (SELECT source FROM visits)
    """,
    "UPDATE deliveries SET sampled = 1 WHERE source IN (SELECT id FROM sources WHERE sampled)",
    """
    UPDATE documents SET sampled = 1
    WHERE NOT EXISTS (SELECT 1 FROM deliveries v WHERE v.document = documents.row AND NOT v.sampled)
    """,
    # What was counted may hold what no longer counts.
    """
    INSERT INTO state VALUES ('changes', '1')
    ON CONFLICT(key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)
    """,
)

_WORD_TABLES: Final = (
    """
    CREATE TABLE words (
        id INTEGER PRIMARY KEY,
        language TEXT NOT NULL,
        word TEXT NOT NULL,
        UNIQUE (language, word)
    ) STRICT
    """,
    """
    CREATE TABLE near (
        document INTEGER NOT NULL REFERENCES documents(row),
        target TEXT NOT NULL,         -- entity whose name stands in the same sentence
        word INTEGER NOT NULL REFERENCES words(id),
        times INTEGER NOT NULL,       -- in all sentences of the document that name the target
        PRIMARY KEY (document, target, word)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE near_read (
        document INTEGER PRIMARY KEY REFERENCES documents(row),
        how TEXT NOT NULL             -- hash, lexicon and rule its words were read by
    ) STRICT
    """,
)

# The texts make rows of kilobytes, and SQLite walks through a text to reach the columns behind
# it. Whatever a stage asks of every document is therefore held in an index of its own.
_SCALE: Final = (
    "ALTER TABLE documents ADD COLUMN titled INTEGER GENERATED ALWAYS AS (title <> '') VIRTUAL",
    "DROP INDEX documents_day",
    """
    CREATE INDEX documents_cell ON documents(
        narrative, day, outlet, language, kind, excluded, sampled, tagged_version, sentences, story, titled
    )
    """,
    "CREATE INDEX documents_tagged ON documents(tagged_version, language, tagged_hash, hash)",
    "DROP INDEX documents_when",
    "CREATE INDEX documents_when ON documents(language, day, excluded, sampled, linked, hash)",
    # The rows of a cell lie together, so that a cell can be counted anew by itself.
    "DROP TABLE counts",
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
        PRIMARY KEY (narrative, day, outlet, language, kind, target, form_class, frame)
    ) STRICT, WITHOUT ROWID
    """,
    "DELETE FROM state WHERE key = 'counted'",
    # What a document counts for lies in its own row, so the store itself sees which cells a
    # change touches, and no verb can forget to say.
    """
    CREATE TABLE stale (              -- cells whose counts are out of date
        narrative TEXT NOT NULL,
        day TEXT NOT NULL,
        outlet TEXT NOT NULL,
        PRIMARY KEY (narrative, day, outlet)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER documents_stale
    AFTER UPDATE OF narrative, day, outlet, language, kind, title, excluded, sampled, story, sentences, tagged_version
    ON documents BEGIN
        INSERT INTO stale SELECT OLD.narrative, OLD.day, OLD.outlet
        WHERE OLD.narrative IS NOT NULL AND OLD.day IS NOT NULL ON CONFLICT DO NOTHING;
        INSERT INTO stale SELECT NEW.narrative, NEW.day, NEW.outlet
        WHERE NEW.narrative IS NOT NULL AND NEW.day IS NOT NULL ON CONFLICT DO NOTHING;
    END
    """,
    """
    CREATE TRIGGER documents_gone AFTER DELETE ON documents
    WHEN OLD.narrative IS NOT NULL AND OLD.day IS NOT NULL BEGIN
        INSERT INTO stale VALUES (OLD.narrative, OLD.day, OLD.outlet) ON CONFLICT DO NOTHING;
    END
    """,
    # Which lexicon finds the same as which, language by language: its texts need no tagging again.
    """
    CREATE TABLE lexicons (
        version TEXT NOT NULL,        -- as texts carry it
        language TEXT NOT NULL,
        same_as TEXT NOT NULL,        -- in these texts this version finds the same
        PRIMARY KEY (version, language)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE lexicon_files (
        version TEXT NOT NULL,
        name TEXT NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (version, name)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE lexicon_code (version TEXT PRIMARY KEY, code TEXT NOT NULL) STRICT, WITHOUT ROWID",
)

_FRAME_TABLES: Final = (
    "ALTER TABLE documents ADD COLUMN framed TEXT",  # hash, lexicon and frames it was framed by; NULL: not yet
    """
    CREATE TABLE framings (
        document INTEGER NOT NULL REFERENCES documents(row),
        target TEXT NOT NULL,         -- as in corpus.targets
        frame TEXT NOT NULL,          -- its name, or none
        pillar TEXT,                  -- the frame's; NULL for none
        score REAL NOT NULL,
        exchange REAL,                -- -1 transactional to 1 mutual; NULL: nothing spoke
        people REAL,                  -- -1 elite to 1 people; NULL: nothing spoke
        way TEXT,                     -- who goes where, or whose culture it is; NULL: another frame
        PRIMARY KEY (document, target)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER framings_stale AFTER UPDATE OF framed ON documents
    WHEN OLD.narrative IS NOT NULL AND OLD.day IS NOT NULL AND OLD.framed IS NOT NEW.framed BEGIN
        INSERT INTO stale VALUES (OLD.narrative, OLD.day, OLD.outlet) ON CONFLICT DO NOTHING;
    END
    """,
)

_TOPIC_TABLES: Final = (
    """
    CREATE TABLE topic_models (
        scope TEXT PRIMARY KEY,       -- korea/ASEAN/ko
        narrative TEXT NOT NULL,
        target TEXT NOT NULL,         -- as in corpus.targets
        language TEXT NOT NULL,       -- or all
        version TEXT NOT NULL,        -- of the model's file
        fitted TEXT NOT NULL,         -- when (UTC)
        documents INTEGER NOT NULL,   -- it was fitted on, without repetitions
        outliers INTEGER NOT NULL,    -- of these
        about TEXT NOT NULL,          -- settings, versions (JSON)
        quality TEXT                  -- on held-out documents (JSON); NULL: not measured
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE topics (
        id INTEGER PRIMARY KEY,       -- never given twice
        scope TEXT NOT NULL REFERENCES topic_models(scope),
        words TEXT NOT NULL,          -- [[word, weight, language], …] (JSON)
        size INTEGER NOT NULL,        -- documents of those it was fitted on
        guides TEXT NOT NULL,         -- names (JSON)
        name TEXT NOT NULL,           -- by hand, or ''
        counts_as INTEGER NOT NULL    -- the topic it was merged into by hand, or itself
    ) STRICT
    """,
    "CREATE INDEX topics_scope ON topics(scope)",
    """
    CREATE TABLE topic_documents (
        topic INTEGER NOT NULL REFERENCES topics(id),
        place INTEGER NOT NULL,       -- 0 is most of it
        document INTEGER NOT NULL REFERENCES documents(row),
        PRIMARY KEY (topic, place)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE assignments (
        document INTEGER NOT NULL REFERENCES documents(row),
        scope TEXT NOT NULL REFERENCES topic_models(scope),
        topic INTEGER NOT NULL,       -- -1: of none
        score REAL NOT NULL,
        version TEXT NOT NULL,        -- of the model's file
        fitted INTEGER NOT NULL,      -- the model was fitted on it
        PRIMARY KEY (document, scope)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX assignments_topic ON assignments(scope, topic, fitted)",
    # Which documents are of a scope is asked of all of them, and the columns behind the texts are slow to reach.
    """
    CREATE INDEX documents_naming ON documents(
        narrative, excluded, sampled, tagged_hash, hash, language, day, story
    )
    """,
    # A changed text may be of another topic: it is assigned anew.
    """
    CREATE TRIGGER assignments_outdated AFTER UPDATE OF hash ON documents WHEN OLD.hash IS NOT NEW.hash BEGIN
        DELETE FROM assignments WHERE document = OLD.row;
    END
    """,
    """
    CREATE TRIGGER assignments_made AFTER INSERT ON assignments BEGIN
        INSERT INTO stale SELECT narrative, day, outlet FROM documents
        WHERE row = NEW.document AND narrative IS NOT NULL AND day IS NOT NULL ON CONFLICT DO NOTHING;
    END
    """,
    """
    CREATE TRIGGER assignments_gone AFTER DELETE ON assignments BEGIN
        INSERT INTO stale SELECT narrative, day, outlet FROM documents
        WHERE row = OLD.document AND narrative IS NOT NULL AND day IS NOT NULL ON CONFLICT DO NOTHING;
    END
    """,
    """
    CREATE TRIGGER topics_merged AFTER UPDATE OF counts_as ON topics WHEN OLD.counts_as <> NEW.counts_as BEGIN
        INSERT INTO stale SELECT DISTINCT d.narrative, d.day, d.outlet
        FROM assignments a JOIN documents d ON d.row = a.document
        WHERE a.scope = NEW.scope AND a.topic = NEW.id AND d.narrative IS NOT NULL AND d.day IS NOT NULL
        ON CONFLICT DO NOTHING;
    END
    """,
)

_LOOKUPS: Final = (
    "CREATE INDEX keys_document ON keys(document)",
    "CREATE INDEX near_word ON near(word, target, document, times)",
    # As before, with the sentences: what most measures ask for is then read without the rows of frames.
    "DROP INDEX counts_named",
    """
    CREATE INDEX counts_named ON counts(target, narrative, outlet, day, documents, stories, headlines, sentences)
    WHERE frame = '*' AND form_class IN ('*', 'named')
    """,
)
