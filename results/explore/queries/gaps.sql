-- title: Gaps
-- about: Days on which a source is known not to have been seen, or not wholly. Open: no later visit has closed it.
-- ask:
SELECT g.source, v.outlet, v.country, g.first_day, g.last_day,
       CAST(julianday(g.last_day) - julianday(g.first_day) + 1 AS INTEGER) AS days, g.status, g.detail,
       CASE WHEN g.closed_by IS NULL THEN 'open' ELSE 'closed by visit ' || g.closed_by END AS state
FROM gaps g JOIN visits v ON v.id = g.visit
ORDER BY g.closed_by IS NOT NULL, g.last_day DESC, g.source
