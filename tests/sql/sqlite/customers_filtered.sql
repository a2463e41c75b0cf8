SELECT COUNT(*)
FROM (
  SELECT 1
  FROM customer_head s
  JOIN customer c ON c.tenant = s.tenant
  AND c.number = s.number
  WHERE s.tenant = $1
  AND s.list_seen IS NOT NULL
  AND instr(c.tags, $2) > 0
  LIMIT $3) AS counted;

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
AND instr(c.tags, $2) > 0
ORDER BY s.number DESC
LIMIT $3;
