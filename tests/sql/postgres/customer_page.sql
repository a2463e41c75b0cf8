SELECT "identity"."tenant", "identity"."id", "identity"."namespace", "identity"."match_key", "identity"."home", "identity"."contact", "identity"."kind", "identity"."value", "identity"."raw_value", "identity"."verification", "identity"."shared", "identity"."source", "identity"."actor", "identity"."first_seen", "identity"."last_seen", "identity"."other_kinds", "identity"."reread_in"
FROM "identity"
WHERE "identity"."tenant" = $1
AND ("identity"."id" = ANY ($2));

SELECT *
FROM (
  SELECT i.*, ROW_NUMBER() OVER (PARTITION BY home
    ORDER BY id) AS n
  FROM identity i
  WHERE tenant = $1
  AND home = ANY ($2)) AS x
WHERE n <= $3
ORDER BY id;

SELECT s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number), (
  SELECT CAST(json_agg(json_build_array(o.number, o.home, o.customer, o.email, o.phone_number, o.linked_id, o.link_precedence, o.created_at, o.updated_at)
      ORDER BY o.number) AS TEXT)
  FROM contact o
  WHERE o.tenant = s.tenant
  AND o.customer = s.number
  AND o.deleted_at IS NULL)
FROM identity k
JOIN customer_head h ON h.tenant = k.tenant
AND h.number = k.home
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = COALESCE(h.merged_into, h.number)
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
WHERE k.tenant = $1
AND k.namespace = $2
AND k.match_key = $3;

SELECT tenant, id, item, home, text, author, created_at
FROM (
  SELECT c.*, ROW_NUMBER() OVER (PARTITION BY item
    ORDER BY id) AS n
  FROM comment c
  WHERE tenant = $1
  AND item = ANY ($2)) AS x
WHERE n <= $3
ORDER BY item, id;

SELECT x.*
FROM (
  SELECT u1 AS column1
  FROM unnest($1::bigint[]) AS u(u1)) AS h
CROSS
JOIN LATERAL (
  SELECT *
  FROM (
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
    FROM page_view
    WHERE tenant = $2
    AND home = h.column1
    ORDER BY occurred_at DESC, id DESC
    LIMIT $3) AS v
  ORDER BY occurred_at DESC, id DESC
  LIMIT $4) AS x
ORDER BY occurred_at DESC, id DESC
LIMIT $5;

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
  LIMIT $6) AS x
ORDER BY occurred_at DESC, id DESC
LIMIT $7;
