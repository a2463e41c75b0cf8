SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7
FROM page_view
WHERE tenant = $1
AND id = $2;

SELECT occurred_at
FROM page_view
WHERE tenant = $1
AND home = $2
ORDER BY occurred_at DESC, id DESC
LIMIT 1;

UPDATE page_view
SET occurred_at = $1, title = $2, description = $3, correction = $4
WHERE tenant = $5
AND id = $6;
