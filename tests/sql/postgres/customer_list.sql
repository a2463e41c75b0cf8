SELECT x.*
FROM (
  SELECT u1 AS column1
  FROM unnest($1::bigint[]) AS u(u1)) AS h
CROSS
JOIN LATERAL (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6
    FROM engagement
    WHERE tenant = $2
    AND home = h.column1
    ORDER BY occurred_at DESC, id DESC
    LIMIT $3) AS e
  UNION ALL
  SELECT *
  FROM (
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
    FROM page_view
    WHERE tenant = $4
    AND home = h.column1
    ORDER BY occurred_at DESC, id DESC
    LIMIT $5) AS v
  ORDER BY occurred_at DESC, id DESC
  LIMIT $6) AS x;

WITH page AS MATERIALIZED (
  SELECT c.name_key, s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, (
    SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
        ORDER BY m.number) AS TEXT)
    FROM customer_head m
    JOIN customer mc ON mc.tenant = m.tenant
    AND mc.number = m.number
    WHERE m.tenant = s.tenant
    AND m.merged_into = s.number)
  FROM customer_head s
  JOIN customer c ON c.tenant = s.tenant
  AND c.number = s.number
  WHERE s.tenant = $1
  AND s.list_seen IS NOT NULL
  ORDER BY s.list_seen DESC, s.number DESC
  LIMIT $2)
SELECT 0, page.*
FROM page
UNION ALL
SELECT 1, o.email, o.customer, o.number, o.home, o.linked_id, NULL, o.phone_number, NULL, o.link_precedence, NULL, NULL, NULL, o.created_at, o.updated_at, NULL
FROM page
CROSS
JOIN LATERAL (
  SELECT *
  FROM contact
  WHERE tenant = $3
  AND customer = page.number
  AND deleted_at IS NULL OFFSET 0) AS o;
