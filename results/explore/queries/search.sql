-- title: Search
-- about: Texts that hold all of these words, those stored last first, 200 a page. Words are found inside longer ones in Korean, Thai, Chinese, Khmer, Lao, Burmese and Tamil. "In quotes": together. -word: without it. word*: any ending. Before: the number of a text, for those stored earlier. To filter and count what is found, search in the list of texts.
-- ask: words, before
SELECT t.row AS number, t.day, t.outlet, t.kind, t.language, t.title,
       narra_found(t.title, t.text, :words) AS words, t.url, t.id AS document
FROM (
    SELECT rowid AS row FROM search
    WHERE search MATCH narra_query(:words)
      AND rowid < CASE WHEN :before = '' THEN 9223372036854775807 ELSE CAST(:before AS INTEGER) END
    ORDER BY rowid DESC LIMIT 200
) found JOIN texts t ON t.row = found.row
ORDER BY t.row DESC
