SELECT c.name_key, s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END
FROM customer_head s
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
WHERE s.tenant = $1
AND s.list_seen IS NOT NULL
ORDER BY s.list_seen DESC, s.number DESC
LIMIT $2;

SELECT h.column1, (
  SELECT array_agg(line)
  FROM (
    SELECT (occurred_at + $1) / 86400000000 AS day, channel, COUNT(*) AS items
    FROM engagement
    WHERE tenant = $2
    AND home = h.column1
    AND occurred_at >= $3
    AND occurred_at < $4
    GROUP BY 1, 2
    UNION ALL
    SELECT (occurred_at + $5) / 86400000000 AS day, channel, COUNT(*) AS items
    FROM page_view
    WHERE tenant = $6
    AND home = h.column1
    AND occurred_at >= $7
    AND occurred_at < $8
    GROUP BY 1, 2) AS line)
FROM (
  SELECT u1 AS column1
  FROM unnest($9::bigint[]) AS u(u1)) AS h;
