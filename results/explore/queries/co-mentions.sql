-- title: Named together
-- about: How many documents name both of two. From and to: days or months such as 2026-07; empty: the last three months that have documents. Narrative: korea or asean; empty: korea. Capitals and names inside other names don't count.
-- ask: narrative, from, to
WITH asked AS (
    SELECT coalesce(nullif(:narrative, ''), 'korea') AS narrative
), latest AS (
    SELECT max(day) AS day FROM documents WHERE narrative = (SELECT narrative FROM asked) AND length(day) = 10
), chosen AS (
    SELECT d.row FROM documents d
    WHERE d.narrative = (SELECT narrative FROM asked) AND d.excluded = '' AND d.sampled = 0
      AND d.day >= coalesce(nullif(:from, ''), (SELECT date(day, 'start of month', '-2 months') FROM latest))
      AND d.day <= coalesce(nullif(:to, ''), (SELECT day FROM latest)) || '~'
), named AS MATERIALIZED (
    /* CROSS JOIN keeps the order: document by document, each found by its key. */
    SELECT DISTINCT c.row, a.entity AS one, b.entity AS other
    FROM chosen c CROSS JOIN mentions a ON a.document = c.row CROSS JOIN mentions b ON b.document = a.document
    WHERE b.entity >= a.entity AND a.form_class NOT IN ('capital', 'inside') AND b.form_class NOT IN ('capital', 'inside')
), pairs AS MATERIALIZED (
    SELECT one, other, count(*) AS documents FROM named GROUP BY one, other
)
SELECT p.one, p.other, p.documents AS documents_naming_both, a.documents AS documents_naming_one,
       b.documents AS documents_naming_the_other
FROM pairs p
JOIN pairs a ON a.one = p.one AND a.other = p.one
JOIN pairs b ON b.one = p.other AND b.other = p.other
WHERE p.one <> p.other
ORDER BY documents_naming_both DESC, p.one, p.other
