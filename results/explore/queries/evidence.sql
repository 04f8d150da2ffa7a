-- title: Evidence of a figure
-- about: All documents behind a figure of a report, copies included, the latest first, with the first name in its surroundings. Figure: its id, as the list of figures gives it. Quarter: empty for the latest report. Each page shows 500; skip: 500 for the second, and so on.
-- ask: quarter, figure, skip
/* Lists are held as one text, each part between two unit separators: looking one up costs less than a table would. */
WITH asked AS MATERIALIZED (
    SELECT key AS n, json_extract(value, '$.narrative') AS narrative, json_extract(value, '$.field') AS field,
           json_extract(value, '$.months[0]') AS first, json_extract(value, '$.months[#-1]') AS last,
           json_extract(value, '$.framed[0]') AS target, json_extract(value, '$.framed[1]') AS label,
           (SELECT char(31) || group_concat(value, char(31)) || char(31) FROM json_each(q.value, '$.outlets')) AS outlets,
           (SELECT char(31) || group_concat(value, char(31)) || char(31) FROM json_each(q.value, '$.kinds')) AS kinds,
           (SELECT char(31) || group_concat(value, char(31)) || char(31) FROM json_each(q.value, '$.classes')) AS classes,
           (SELECT char(31) || group_concat(value, char(31)) || char(31) FROM json_each(q.value, '$.entities')) AS entities,
           (SELECT char(31) || group_concat(value, char(31)) || char(31) FROM json_each(q.value, '$.without')) AS without,
           (SELECT char(31) || group_concat(value, char(31)) || char(31) FROM json_each(q.value, '$.also')) AS also
    FROM json_each(narra_evidence(:quarter, :figure)) q
), named AS MATERIALIZED (
    /* CROSS JOIN keeps the order: the quarter's documents by the index, then each one's names by its key. */
    SELECT a.n, d.row, d.day, d.outlet, d.kind,
           max(instr(a.entities, char(31) || m.entity || char(31)) > 0) AS names_it,
           max(coalesce(instr(a.without, char(31) || m.entity || char(31)), 0) > 0) AS names_what_it_may_not,
           max(a.also IS NULL OR instr(a.also, char(31) || m.entity || char(31)) > 0) AS names_what_it_must
    FROM asked a CROSS JOIN documents d INDEXED BY documents_cell
        ON d.narrative = a.narrative AND d.day >= a.first AND d.day <= a.last || '~'
    CROSS JOIN mentions m ON m.document = d.row
    WHERE length(d.day) >= 7 AND d.excluded = '' AND d.sampled = 0 AND (a.field IS NULL OR m.field = a.field)
      AND instr(a.classes, char(31) || m.form_class || char(31)) > 0
    GROUP BY a.n, d.row
), behind AS MATERIALIZED (
    SELECT n.row, n.day, min(n.n) AS n FROM named n JOIN asked a ON a.n = n.n
    WHERE n.names_it AND n.names_what_it_must AND NOT n.names_what_it_may_not
      AND instr(a.outlets, char(31) || n.outlet || char(31)) > 0 AND instr(a.kinds, char(31) || n.kind || char(31)) > 0
    GROUP BY n.row
), fitting AS MATERIALIZED (
    /* A figure of frames or topics: the surroundings of its target are counted under its label. */
    SELECT b.row, b.day, b.n FROM behind b JOIN asked a ON a.n = b.n
    WHERE a.label IS NULL
       OR EXISTS (
           SELECT 1 FROM framings f WHERE f.document = b.row AND f.target = a.target AND CASE
               WHEN a.label = 'framed' THEN 1
               WHEN a.label = 'exchange' THEN f.exchange IS NOT NULL
               WHEN a.label = 'exchange:mutual' THEN f.exchange > 0
               WHEN a.label = 'exchange:transactional' THEN f.exchange < 0
               WHEN a.label = 'people' THEN f.people IS NOT NULL
               WHEN a.label = 'people:people' THEN f.people > 0
               WHEN a.label = 'people:elite' THEN f.people < 0
               WHEN a.label LIKE 'pillar:%' THEN f.pillar = substr(a.label, 8)
               WHEN a.label LIKE '%:either' THEN f.frame || ':either' = a.label AND f.way NOT IN ('both', 'undecided')
               WHEN instr(a.label, ':') > 0 THEN f.frame || ':' || f.way = a.label
               ELSE f.frame = a.label END
       )
       OR EXISTS (
           SELECT 1 FROM assignments g JOIN topic_models s ON s.scope = g.scope LEFT JOIN topics t ON t.id = g.topic
           WHERE g.document = b.row AND s.target = a.target
             AND a.label IN ('topics:' || g.scope, 'topic:' || t.counts_as)
       )
), page AS MATERIALIZED (
    SELECT row, n, (SELECT count(*) FROM fitting) AS of_all FROM fitting
    ORDER BY day DESC, row DESC LIMIT 500 OFFSET max(0, CAST(:skip AS INTEGER))
), first_name AS (
    SELECT p.row, p.of_all, m.field, m.start, m.end, m.entity,
           row_number() OVER (PARTITION BY p.row ORDER BY m.field DESC, m.start) AS nth
    FROM page p JOIN asked a ON a.n = p.n CROSS JOIN mentions m ON m.document = p.row
    WHERE instr(a.entities, char(31) || m.entity || char(31)) > 0 AND (a.field IS NULL OR m.field = a.field)
      AND instr(a.classes, char(31) || m.form_class || char(31)) > 0
)
SELECT t.day, t.outlet, t.kind, t.language, f.entity AS named,
       narra_around(CASE f.field WHEN 'title' THEN t.title ELSE t.text END, f.start, f.end) AS words,
       t.title, t.url, t.id AS document, t.story, f.of_all AS documents_in_all
FROM first_name f JOIN texts t ON t.row = f.row
WHERE f.nth = 1
ORDER BY t.day DESC, t.row DESC
