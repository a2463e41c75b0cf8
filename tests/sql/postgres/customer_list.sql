INSERT INTO newest_items (tenant, customer, position, newest, further)
SELECT v.column1, v.column2, v.column3, v.column4, v.column5
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[]) AS u(u1, u2, u3, u4, u5)) AS v
CROSS
JOIN customer_head h
WHERE h.tenant = v.column1
AND h.number = v.column2
AND h.position = v.column3
AND h.merged_into IS NULL
ORDER BY h.number FOR SHARE OF h
ON CONFLICT (tenant, customer)
DO UPDATE
SET position = excluded.position, newest = excluded.newest, further = excluded.further;

INSERT INTO person_card (tenant, customer, position, card)
SELECT v.column1, v.column2, v.column3, v.column4
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) AS u(u1, u2, u3, u4)) AS v
CROSS
JOIN customer_head h
WHERE h.tenant = v.column1
AND h.number = v.column2
AND h.position = v.column3
AND h.merged_into IS NULL
ORDER BY h.number FOR SHARE OF h
ON CONFLICT (tenant, customer)
DO UPDATE
SET position = excluded.position, card = excluded.card;

SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT x.*
    FROM (
      SELECT u1 AS column1
      FROM unnest($1::bigint[]) AS u(u1)) AS h
    CROSS
    JOIN LATERAL (
      SELECT *
      FROM (
        SELECT kind, id, home, occurred_at, channel, direction, record_type AS c1, text AS c2, data AS c3, state, duration
        FROM engagement
        WHERE tenant = $2
        AND home = h.column1
        ORDER BY occurred_at DESC, id DESC
        LIMIT $3) AS e
      UNION ALL
      SELECT *
      FROM (
        SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, CAST(NULL AS BIGINT) AS duration
        FROM page_view
        WHERE tenant = $4
        AND home = h.column1
        ORDER BY occurred_at DESC, id DESC
        LIMIT $5) AS v
      ORDER BY occurred_at DESC, id DESC
      LIMIT $6) AS x) AS line);

SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT x.*
    FROM (
      SELECT u1 AS column1
      FROM unnest($1::bigint[]) AS u(u1)) AS h
    CROSS
    JOIN LATERAL (
      SELECT *
      FROM (
        SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
        FROM engagement
        WHERE tenant = $2
        AND home = h.column1
        ORDER BY occurred_at DESC, id DESC
        LIMIT $3) AS e
      UNION ALL
      SELECT *
      FROM (
        SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7
        FROM page_view
        WHERE tenant = $4
        AND home = h.column1
        ORDER BY occurred_at DESC, id DESC
        LIMIT $5) AS v
      ORDER BY occurred_at DESC, id DESC
      LIMIT $6) AS x) AS line);

SELECT h.number, s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END
FROM customer_head h
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = COALESCE(h.merged_into, h.number)
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
WHERE h.tenant = $1
AND h.number = ANY ($2);

SELECT s.number, k.card, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, CASE WHEN s.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  WHERE m.tenant = $1
  AND m.merged_into = s.number) END, r.position, r.newest, NULL
FROM customer_head s
LEFT
JOIN person_card k ON k.tenant = s.tenant
AND k.customer = s.number
LEFT
JOIN newest_items r ON r.tenant = s.tenant
AND r.customer = s.number
AND r.position >= s.floor
AND r.position >= s.position - 40
WHERE s.tenant = $2
AND s.list_seen IS NOT NULL
ORDER BY s.list_seen DESC, s.number DESC
LIMIT $3;

WITH page AS MATERIALIZED (
  SELECT h.number AS person, h.shape, h.position, h.list_seen, h.last_inbound, h.last_outbound, h.counts
  FROM customer_head h
  WHERE h.tenant = $1
  AND h.number = ANY ($2))
SELECT 0 AS part, page.person, CAST(NULL AS BIGINT) AS n1, page.position AS n2, page.list_seen AS n3, page.last_inbound AS n4, page.last_outbound AS n5, c.created_at AS n6, c.updated_at AS n7, CAST(c.status AS BIGINT) AS n8, CAST(c.stage AS BIGINT) AS n9, c.name AS t1, page.counts AS t2, c.tags AS t3, c.traits AS t4
FROM page
CROSS
JOIN customer c
WHERE c.tenant = $3
AND c.number = page.person
UNION ALL
SELECT 1, page.person, m.number, m.last_inbound, m.last_outbound, mc.updated_at, m.last_seen, NULL, NULL, NULL, mc.stage, mc.name, m.counts, mc.tags, mc.traits
FROM page
CROSS
JOIN customer_head m
CROSS
JOIN customer mc
WHERE m.tenant = $4
AND page.shape > 0
AND m.merged_into = page.person
AND mc.tenant = m.tenant
AND mc.number = m.number
UNION ALL
SELECT 2, page.person, o.number, o.home, o.linked_id, o.created_at, o.updated_at, NULL, NULL, NULL, o.link_precedence, o.email, o.phone_number, NULL, NULL
FROM page
CROSS
JOIN contact o
WHERE o.tenant = $5
AND o.customer = page.person
AND o.deleted_at IS NULL
UNION ALL
SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
FROM page
CROSS
JOIN identity i
WHERE i.tenant = $6
AND i.home = page.person
UNION ALL
SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
FROM page
CROSS
JOIN customer_head m
CROSS
JOIN identity i
WHERE m.tenant = $7
AND page.shape > 0
AND m.merged_into = page.person
AND i.tenant = m.tenant
AND i.home = m.number;
