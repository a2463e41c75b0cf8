SELECT "identity"."tenant", "identity"."id", "identity"."namespace", "identity"."match_key", "identity"."home", "identity"."contact", "identity"."kind", "identity"."value", "identity"."raw_value", "identity"."verification", "identity"."shared", "identity"."source", "identity"."actor", "identity"."first_seen", "identity"."last_seen", "identity"."other_kinds", "identity"."reread_in"
FROM "identity"
WHERE "identity"."tenant" = ?
AND ("identity"."id" IN (
    SELECT value
    FROM json_each(?)));

SELECT '[' || (
  SELECT group_concat(json_array(kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, c1, c2, c3, state, state_at, duration, c4, c5, c6))
  FROM (
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
    FROM page_view
    WHERE tenant = $1
    AND home = $2
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
    FROM page_view
    WHERE tenant = $3
    AND home = $4
    ORDER BY occurred_at DESC, id DESC
    LIMIT $5)) || ']';

SELECT '[' || (
  SELECT group_concat(json_array(kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, c1, c2, c3, state, state_at, duration, c4, c5, c6))
  FROM (
    SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6
    FROM engagement
    WHERE tenant = $1
    AND home = $2
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
    FROM page_view
    WHERE tenant = $3
    AND home = $4
    UNION ALL
    SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6
    FROM engagement
    WHERE tenant = $5
    AND home = $6
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
    FROM page_view
    WHERE tenant = $7
    AND home = $8
    ORDER BY occurred_at DESC, id DESC
    LIMIT $9)) || ']';

SELECT *
FROM (
  SELECT i.*, ROW_NUMBER() OVER (PARTITION BY home
    ORDER BY id) AS n
  FROM identity i
  WHERE tenant = $1
  AND home IN (
    SELECT value
    FROM json_each($2))) AS x
WHERE n <= $3
ORDER BY id;

SELECT s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, (
  SELECT NULLIF(json_group_array(json_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number), '[]')
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number), (
  SELECT NULLIF(json_group_array(json_array(o.number, o.home, o.customer, o.email, o.phone_number, o.linked_id, o.link_precedence, o.created_at, o.updated_at)
      ORDER BY o.number), '[]')
  FROM contact o
  WHERE o.tenant = s.tenant
  AND o.customer = s.number
  AND o.deleted_at IS NULL), CASE WHEN NOT EXISTS (
  SELECT 1
  FROM customer_head m
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) THEN '[' || (
  SELECT group_concat(json_array(kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, c1, c2, c3, state, state_at, duration, c4, c5, c6))
  FROM (
    SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6
    FROM engagement
    WHERE tenant = $1
    AND home = s.number
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
    FROM page_view
    WHERE tenant = $2
    AND home = s.number
    ORDER BY occurred_at DESC, id DESC
    LIMIT $3)) || ']' END
FROM identity k
JOIN customer_head h ON h.tenant = k.tenant
AND h.number = k.home
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = COALESCE(h.merged_into, h.number)
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
WHERE k.tenant = $4
AND k.namespace = $5
AND k.match_key = $6;

SELECT tenant, id, item, home, text, author, created_at
FROM (
  SELECT c.*, ROW_NUMBER() OVER (PARTITION BY item
    ORDER BY id) AS n
  FROM comment c
  WHERE tenant = $1
  AND item IN (
    SELECT value
    FROM json_each($2))) AS x
WHERE n <= $3
ORDER BY item, id;
