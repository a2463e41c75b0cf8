WITH new0 AS MATERIALIZED (
  SELECT id, occurred_at
  FROM (
    SELECT id, occurred_at, words
    FROM engagement
    WHERE tenant = $1
    ORDER BY occurred_at DESC, id DESC
    LIMIT 2000) AS newest
  WHERE words @@ CAST($2 AS tsquery)
  LIMIT 21), old0 AS MATERIALIZED (
  SELECT id, occurred_at
  FROM engagement
  WHERE (
    SELECT COUNT(*)
    FROM new0) < 21
  AND tenant = $3
  AND words @@ CAST($4 AS tsquery)), new1 AS MATERIALIZED (
  SELECT id, occurred_at
  FROM (
    SELECT id, occurred_at, words
    FROM page_view
    WHERE tenant = $5
    ORDER BY occurred_at DESC, id DESC
    LIMIT 2000) AS newest
  WHERE words @@ CAST($6 AS tsquery)
  LIMIT 21), old1 AS MATERIALIZED (
  SELECT id, occurred_at
  FROM page_view
  WHERE (
    SELECT COUNT(*)
    FROM new1) < 21
  AND tenant = $7
  AND words @@ CAST($8 AS tsquery)), page AS MATERIALIZED (
  SELECT id, kind
  FROM (
    SELECT id, occurred_at, 0 AS kind
    FROM (
      SELECT id, occurred_at
      FROM new0
      UNION
      SELECT id, occurred_at
      FROM old0) AS both0
    UNION ALL
    SELECT id, occurred_at, 1 AS kind
    FROM (
      SELECT id, occurred_at
      FROM new1
      UNION
      SELECT id, occurred_at
      FROM old1) AS both1) AS found
  ORDER BY occurred_at DESC, id DESC
  LIMIT 21)
SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7, (
  SELECT COALESCE(h.merged_into, h.number)
  FROM customer_head h
  WHERE h.tenant = $9
  AND h.number = engagement.home)
FROM engagement
WHERE tenant = $10
AND id IN (
  SELECT id
  FROM page
  WHERE kind = 0)
UNION ALL
SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7, (
  SELECT COALESCE(h.merged_into, h.number)
  FROM customer_head h
  WHERE h.tenant = $11
  AND h.number = page_view.home)
FROM page_view
WHERE tenant = $12
AND id IN (
  SELECT id
  FROM page
  WHERE kind = 1);
