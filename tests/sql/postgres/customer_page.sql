SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in
    FROM (
      SELECT i.*, ROW_NUMBER() OVER (PARTITION BY home
        ORDER BY id) AS n
      FROM identity i
      WHERE tenant = $1
      AND home = ANY ($2)) AS x
    WHERE n <= $3) AS line);

SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in
    FROM identity
    WHERE tenant = $1
    AND id = ANY ($2)
    UNION ALL
    SELECT id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in
    FROM removed_identity
    WHERE tenant = $3
    AND id = ANY ($4)) AS line);

SELECT s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
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
    AND deleted_at IS NULL) AS line), r.position, r.newest, r.further, CASE WHEN r.position IS NULL
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
      SELECT kind, id, home, occurred_at, channel, direction, identity, record_type AS c1, text AS c2, data AS c3, state, duration, NULL AS c4
      FROM engagement
      WHERE tenant = $1
      AND home = s.number
      ORDER BY occurred_at DESC, id DESC
      LIMIT $2) AS e
    UNION ALL
    SELECT *
    FROM (
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, identity, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, CAST(NULL AS BIGINT) AS duration, object_id AS c4
      FROM page_view
      WHERE tenant = $3
      AND home = s.number
      ORDER BY occurred_at DESC, id DESC
      LIMIT $4) AS v
    ORDER BY occurred_at DESC, id DESC
    LIMIT $5) AS line) END
FROM identity k
JOIN customer_head h ON h.tenant = k.tenant
AND h.number = k.home
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = COALESCE(h.merged_into, h.number)
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
LEFT
JOIN newest_items r ON r.tenant = s.tenant
AND r.customer = s.number
AND r.position >= s.floor
AND r.position >= s.position - 40
WHERE k.tenant = $6
AND k.namespace = $7
AND k.match_key = $8;

SELECT tenant, id, item, home, text, author, created_at, edited_at, edited_by
FROM (
  SELECT c.*, ROW_NUMBER() OVER (PARTITION BY item
    ORDER BY id) AS n
  FROM comment c
  WHERE tenant = $1
  AND item = ANY ($2)) AS x
WHERE n <= $3
ORDER BY item, id;

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
    SELECT kind, id, home, occurred_at, channel, direction, identity, record_type AS c1, text AS c2, data AS c3, state, duration, NULL AS c4
    FROM engagement
    WHERE tenant = $7
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 0)
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, identity, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, CAST(NULL AS BIGINT) AS duration, object_id AS c4
    FROM page_view
    WHERE tenant = $8
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 1)) AS line);

WITH page AS MATERIALIZED (
  SELECT x.*
  FROM (
    SELECT u1 AS column1
    FROM unnest($1::bigint[]) AS u(u1)) AS h
  CROSS
  JOIN LATERAL (
    SELECT *
    FROM (
      SELECT id, occurred_at, 1 AS kind
      FROM page_view
      WHERE tenant = $2
      AND home = h.column1
      ORDER BY occurred_at DESC, id DESC
      LIMIT $3) AS v) AS x
  ORDER BY occurred_at DESC, id DESC
  LIMIT $4)
SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction, text AS c2, data AS c3
    FROM engagement
    WHERE tenant = $5
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 0)
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, title AS c2, url AS c3
    FROM page_view
    WHERE tenant = $6
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 1)) AS line);
