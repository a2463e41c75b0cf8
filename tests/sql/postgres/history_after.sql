SELECT s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END, CASE WHEN (s.shape = 0 OR (
    SELECT m.number
    FROM customer_head m
    WHERE m.tenant = s.tenant
    AND m.merged_into = s.number
    LIMIT 1) IS NULL) THEN (
  SELECT array_agg(line)
  FROM (
    SELECT *
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $1
      AND home = s.number
      AND (occurred_at, id) < ($2, $3)
      ORDER BY occurred_at DESC, id DESC
      LIMIT $4) AS e
    UNION ALL
    SELECT *
    FROM (
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
      FROM page_view
      WHERE tenant = $5
      AND home = s.number
      AND (occurred_at, id) < ($6, $7)
      ORDER BY occurred_at DESC, id DESC
      LIMIT $8) AS v
    ORDER BY occurred_at DESC, id DESC
    LIMIT $9) AS line) END
FROM identity k
JOIN customer_head h ON h.tenant = k.tenant
AND h.number = k.home
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = COALESCE(h.merged_into, h.number)
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
WHERE k.tenant = $10
AND k.namespace = $11
AND k.match_key = $12;

WITH page AS MATERIALIZED (
  SELECT x.*
  FROM (
    SELECT u1 AS column1
    FROM unnest($1::bigint[]) AS u(u1)) AS h
  CROSS
  JOIN LATERAL (
    SELECT *
    FROM (
      SELECT id, occurred_at, 0 AS kind
      FROM engagement
      WHERE tenant = $2
      AND home = h.column1
      AND (occurred_at, id) < ($3, $4)
      ORDER BY occurred_at DESC, id DESC
      LIMIT $5) AS e
    UNION ALL
    SELECT *
    FROM (
      SELECT id, occurred_at, 1 AS kind
      FROM page_view
      WHERE tenant = $6
      AND home = h.column1
      AND (occurred_at, id) < ($7, $8)
      ORDER BY occurred_at DESC, id DESC
      LIMIT $9) AS v) AS x
  ORDER BY occurred_at DESC, id DESC
  LIMIT $10)
SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $11
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 0)
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
    FROM page_view
    WHERE tenant = $12
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 1)) AS line);
