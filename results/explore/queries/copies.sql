-- title: Stories with most copies
-- about: Texts that several documents reprint. From and to: days or months of the earliest copy; empty: any. The number of the story leads to its copies.
-- ask: from, to
SELECT s.id AS story, s.documents, s.outlets, s.first_day, d.outlet AS earliest_outlet, d.title
FROM (
    SELECT id, documents, outlets, first_day FROM stories
    WHERE documents > 1 AND coalesce(first_day, '') BETWEEN coalesce(nullif(:from, ''), '')
      AND coalesce(nullif(:to, ''), '') || '~'
    ORDER BY documents DESC, id LIMIT 500
) s JOIN documents d ON d.row = s.id
ORDER BY s.documents DESC, s.id
