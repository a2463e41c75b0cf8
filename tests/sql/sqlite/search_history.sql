SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7, (
  SELECT COALESCE(h.merged_into, h.number)
  FROM customer_head h
  WHERE h.tenant = $1
  AND h.number = engagement.home)
FROM engagement
WHERE +tenant = $2
AND id IN (
  SELECT value
  FROM json_each($3))
UNION ALL
SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7, (
  SELECT COALESCE(h.merged_into, h.number)
  FROM customer_head h
  WHERE h.tenant = $4
  AND h.number = page_view.home)
FROM page_view
WHERE +tenant = $5
AND id IN (
  SELECT value
  FROM json_each($6));

SELECT *
FROM (
  SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
  FROM engagement
  WHERE tenant = $1
  ORDER BY occurred_at DESC, id DESC
  LIMIT 1000)
UNION ALL
SELECT *
FROM (
  SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7
  FROM page_view
  WHERE tenant = $2
  ORDER BY occurred_at DESC, id DESC
  LIMIT 1000);

SELECT COUNT(*), MIN(item)
FROM (
  SELECT rowid AS item
  FROM item_words
  WHERE item_words MATCH $1
  ORDER BY rowid DESC
  LIMIT $2);

WITH found AS MATERIALIZED (
  SELECT rowid AS item
  FROM item_words
  WHERE item_words MATCH $1
  ORDER BY rowid DESC
  LIMIT $2)
SELECT occurred_at, id
FROM (
  SELECT occurred_at, id
  FROM found
  CROSS
  JOIN engagement
  WHERE id = item
  AND tenant = $3
  UNION ALL
  SELECT occurred_at, id
  FROM found
  CROSS
  JOIN page_view
  WHERE id = item
  AND tenant = $4)
ORDER BY occurred_at DESC, id DESC
LIMIT $5;
