SELECT c.name_key, s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END, (
  SELECT array_agg(line)
  FROM (
    SELECT number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at
    FROM contact
    WHERE tenant = s.tenant
    AND customer = s.number
    AND deleted_at IS NULL) AS line), r.position, r.newest, NULL, CASE WHEN r.position IS NULL
AND (s.shape = 0 OR (
    SELECT m.number
    FROM customer_head m
    WHERE m.tenant = s.tenant
    AND m.merged_into = s.number
    LIMIT 1) IS NULL) THEN (
  SELECT array_agg(line)
  FROM (
    SELECT *
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction, record_type AS c1, text AS c2, data AS c3, state, duration
      FROM engagement
      WHERE tenant = $1
      AND home = s.number
      ORDER BY occurred_at DESC, id DESC
      LIMIT $2) AS e
    UNION ALL
    SELECT *
    FROM (
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, CAST(NULL AS BIGINT) AS duration
      FROM page_view
      WHERE tenant = $3
      AND home = s.number
      ORDER BY occurred_at DESC, id DESC
      LIMIT $4) AS v
    ORDER BY occurred_at DESC, id DESC
    LIMIT $5) AS line) END
FROM customer_head s
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
LEFT
JOIN newest_items r ON r.tenant = s.tenant
AND r.customer = s.number
AND r.position >= s.floor
AND r.position >= s.position - 40
WHERE s.tenant = $6
AND s.list_seen IS NOT NULL
ORDER BY s.list_seen DESC, s.number DESC
LIMIT $7;

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
      ORDER BY occurred_at DESC, id DESC
      LIMIT $3) AS e
    UNION ALL
    SELECT *
    FROM (
      SELECT id, occurred_at, 1 AS kind
      FROM page_view
      WHERE tenant = $4
      AND home = h.column1
      ORDER BY occurred_at DESC, id DESC
      LIMIT $5) AS v) AS x
  ORDER BY occurred_at DESC, id DESC
  LIMIT $6)
SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction, record_type AS c1, text AS c2, data AS c3, state, duration
    FROM engagement
    WHERE tenant = $7
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 0)
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, CAST(NULL AS BIGINT) AS duration
    FROM page_view
    WHERE tenant = $8
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 1)) AS line);
