SELECT '[' || (
  SELECT group_concat(json_array(number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at))
  FROM (
    SELECT number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at
    FROM contact
    WHERE tenant = $1
    AND customer IN (
      SELECT value
      FROM json_each($2))
    AND deleted_at IS NULL
    ORDER BY number)) || ']';

SELECT '[' || group_concat(page) || ']'
FROM (
  SELECT (
    SELECT group_concat(json_array(kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, c1, c2, c3, state, state_at, duration, c4, c5, c6))
    FROM (
      SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6
      FROM engagement
      WHERE tenant = $1
      AND home = h.value
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
      FROM page_view
      WHERE tenant = $2
      AND home = h.value
      ORDER BY occurred_at DESC, id DESC
      LIMIT $3)) AS page
  FROM json_each($4) AS h);

SELECT c.name_key, s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, (
  SELECT NULLIF(json_group_array(json_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number), '[]')
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
LIMIT $2;
