-- title: Figures of a report
-- about: Every figure of a quarter's report, as the report gives it. Quarter: such as 2026Q3; empty: the latest report. A figure leads to the documents behind it.
-- ask: quarter
SELECT json_extract(f.value, '$.quarter') AS quarter, f.key AS figure, json_extract(f.value, '$.what') AS what,
       json_extract(f.value, '$.said') AS value, json_extract(f.value, '$.interval') AS interval,
       json_extract(f.value, '$.sample') AS rests_on, json_extract(f.value, '$.reason') AS why_not_given
FROM json_each(narra_figures(:quarter)) f
