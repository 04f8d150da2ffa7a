-- title: Mentions by outlet and quarter
-- about: How many documents of each outlet name a target, of how many, quarter by quarter. Target: ASEAN, SEA (Southeast Asia), KR|KOREA (Korea), KR (named as South Korea), ANY, or a member's code such as VN; empty: ASEAN. Narrative: korea or asean; empty: both. Capitals ("Jakarta") and names inside other names don't count.
-- ask: target, narrative
WITH asked AS (
    SELECT coalesce(nullif(:target, ''), 'ASEAN') AS target, coalesce(nullif(:narrative, ''), 'korea') AS one,
           coalesce(nullif(:narrative, ''), 'asean') AS other
), cells AS (
    SELECT narrative, outlet, substr(day, 1, 4) || 'Q' || ((CAST(substr(day, 6, 2) AS INTEGER) + 2) / 3) AS quarter,
           target = '*' AS everything, sum(documents) AS documents, sum(stories) AS stories, sum(headlines) AS headlines
    FROM counts INDEXED BY counts_named
    WHERE frame = '*' AND form_class IN ('*', 'named') AND target IN ('*', (SELECT target FROM asked))
      AND narrative IN ((SELECT one FROM asked), (SELECT other FROM asked)) AND length(day) >= 7
    GROUP BY 1, 2, 3, 4
)
SELECT whole.narrative, whole.outlet, whole.quarter, coalesce(named.documents, 0) AS naming_it, whole.documents,
       round(100.0 * coalesce(named.documents, 0) / whole.documents, 2) AS percent,
       coalesce(named.stories, 0) AS stories_naming_it, coalesce(named.headlines, 0) AS headlines_naming_it
FROM cells whole
LEFT JOIN cells named ON named.narrative = whole.narrative AND named.outlet = whole.outlet
    AND named.quarter = whole.quarter AND NOT named.everything
WHERE whole.everything
ORDER BY whole.quarter DESC, whole.narrative, percent DESC, whole.outlet
