SELECT s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END, r.position, r.newest, NULL, CASE WHEN r.position IS NULL
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
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $1
      AND home = s.number
      ORDER BY occurred_at DESC, id DESC
      LIMIT $2) AS e
    UNION ALL
    SELECT *
    FROM (
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
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
