-- title: Copies of one story
-- about: Every document that reprints one text, the earliest first. Story: its number, as other lists give it.
-- ask: story
SELECT t.id AS document, t.day, t.outlet, t.kind, t.language, t.title, t.url
FROM texts t WHERE t.story = CAST(:story AS INTEGER) ORDER BY t.day, t.row
