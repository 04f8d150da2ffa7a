-- title: Visits
-- about: How visits to sources ended, the latest first, 500 of them. Source: its name, or empty for all.
-- ask: source
SELECT v.id, v.source, v.outlet, v.started, v.ended, coalesce(v.status, 'running, or killed') AS status, v.detail,
       v.documents, v.refused, v.first_day, v.last_day, v.retry_at
FROM visits v WHERE v.id > (SELECT max(id) FROM visits) - CASE WHEN :source = '' THEN 500 ELSE 1000000 END
  AND (:source = '' OR v.source = :source)
ORDER BY v.id DESC LIMIT 500
