SELECT ('[' || (
    SELECT group_concat(json_array(id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in))
    FROM (
      SELECT id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in
      FROM (
        SELECT i.*, ROW_NUMBER() OVER (PARTITION BY home
          ORDER BY id) AS n
        FROM identity i
        WHERE tenant = $1
        AND home IN (
          SELECT value
          FROM json_each($2))) AS x
      WHERE n <= $3)) || ']');

SELECT ('[' || (
    SELECT group_concat(json_array(id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in))
    FROM (
      SELECT id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in
      FROM identity
      WHERE tenant = $1
      AND id IN (
        SELECT value
        FROM json_each($2))
      UNION ALL
      SELECT id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in
      FROM removed_identity
      WHERE tenant = $3
      AND id IN (
        SELECT value
        FROM json_each($4)))) || ']');

SELECT ('[' || (
    SELECT group_concat(json_array(kind, id, home, occurred_at, 0, channel, direction, NULL, '', NULL, NULL, c2, c3, NULL, 0, NULL, NULL, NULL, NULL, NULL))
    FROM (
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, title AS c2, url AS c3
      FROM page_view
      WHERE tenant = $1
      AND home = $2
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, title AS c2, url AS c3
      FROM page_view
      WHERE tenant = $3
      AND home = $4
      ORDER BY occurred_at DESC, id DESC
      LIMIT $5)) || ']');

SELECT ('[' || (
    SELECT group_concat(json_array(kind, id, home, occurred_at, 0, channel, direction, identity, '', NULL, c1, c2, c3, state, 0, duration, c4, NULL, NULL, NULL))
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction, identity, record_type AS c1, text AS c2, data AS c3, state, duration, NULL AS c4
      FROM engagement
      WHERE tenant = $1
      AND home = $2
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, identity, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, CAST(NULL AS BIGINT) AS duration, object_id AS c4
      FROM page_view
      WHERE tenant = $3
      AND home = $4
      UNION ALL
      SELECT kind, id, home, occurred_at, channel, direction, identity, record_type AS c1, text AS c2, data AS c3, state, duration, NULL AS c4
      FROM engagement
      WHERE tenant = $5
      AND home = $6
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, identity, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, CAST(NULL AS BIGINT) AS duration, object_id AS c4
      FROM page_view
      WHERE tenant = $7
      AND home = $8
      ORDER BY occurred_at DESC, id DESC
      LIMIT $9)) || ']');

SELECT s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT NULLIF(json_group_array(json_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number), '[]')
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END, ('[' || (
    SELECT group_concat(json_array(number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at))
    FROM (
      SELECT number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at
      FROM contact
      WHERE tenant = s.tenant
      AND customer = s.number
      AND deleted_at IS NULL)) || ']'), r.position, r.newest, r.further, CASE WHEN r.position IS NULL
AND (s.shape = 0 OR (
    SELECT m.number
    FROM customer_head m
    WHERE m.tenant = s.tenant
    AND m.merged_into = s.number
    LIMIT 1) IS NULL) THEN ('[' || (
    SELECT group_concat(json_array(kind, id, home, occurred_at, 0, channel, direction, identity, '', NULL, c1, c2, c3, state, 0, duration, c4, NULL, NULL, NULL))
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction, identity, record_type AS c1, text AS c2, data AS c3, state, duration, NULL AS c4
      FROM engagement
      WHERE tenant = $1
      AND home = s.number
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction, identity, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, CAST(NULL AS BIGINT) AS duration, object_id AS c4
      FROM page_view
      WHERE tenant = $2
      AND home = s.number
      ORDER BY occurred_at DESC, id DESC
      LIMIT $3)) || ']') END
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
WHERE k.tenant = $4
AND k.namespace = $5
AND k.match_key = $6;

SELECT tenant, id, item, home, text, author, created_at, edited_at, edited_by
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
