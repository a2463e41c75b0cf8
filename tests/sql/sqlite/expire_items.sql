DELETE
FROM file
WHERE tenant = $1
AND item IN (
  SELECT value
  FROM json_each($2))
RETURNING hash;

DELETE
FROM file_content
WHERE tenant = $1
AND hash IN (
  SELECT value
  FROM json_each($2))
AND NOT EXISTS (
  SELECT 1
  FROM file f
  WHERE f.tenant = file_content.tenant
  AND f.hash = file_content.hash)
RETURNING object;

DELETE
FROM file_removal
WHERE tenant = $1
AND object = $2;

SELECT 1
WHERE EXISTS (
  SELECT 1
  FROM engagement
  WHERE tenant = $1
  AND occurred_at < $2) OR EXISTS (
  SELECT 1
  FROM page_view
  WHERE tenant = $3
  AND occurred_at < $4);

SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7
FROM page_view
WHERE tenant = $1
AND occurred_at < $2
ORDER BY occurred_at, id
LIMIT $3;

SELECT MAX(created_at)
FROM customer
WHERE tenant = $1
AND number IN (
  SELECT value
  FROM json_each($2));

SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
FROM engagement
WHERE tenant = $1
AND occurred_at < $2
ORDER BY occurred_at, id
LIMIT $3;
