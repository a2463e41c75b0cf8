SELECT 0 AS part, COUNT(*) AS a, CAST(0 AS BIGINT) AS b, CAST(NULL AS TEXT) AS name
FROM (
  SELECT 1
  FROM (
    SELECT number
    FROM customer_trait
    WHERE tenant = $1
    AND name = $2
    AND value = $3) AS lead0
  LIMIT 2001) AS counted0
UNION ALL
SELECT -1, a, b, name
FROM (
  SELECT CAST(0 AS BIGINT) AS a, c.number AS b, c.name_key AS name
  FROM customer c
  WHERE c.name_key IS NOT NULL
  AND c.tenant = $4
  ORDER BY c.name_key DESC, c.number DESC
  LIMIT 1 OFFSET 10000) AS far;

WITH lead AS (
  SELECT DISTINCT number
  FROM (
    SELECT number
    FROM customer_trait
    WHERE tenant = $1
    AND name = $2
    AND value = $3) AS lead0)
SELECT COUNT(*)
FROM (
  SELECT 1
  FROM lead
  CROSS
  JOIN customer_head s
  CROSS
  JOIN customer c
  WHERE c.tenant = s.tenant
  AND c.number = s.number
  AND s.number = lead.number
  AND s.tenant = $4
  AND c.tenant = s.tenant
  AND c.name_key IS NOT NULL
  AND s.list_seen IS NOT NULL
  LIMIT $5) AS counted;

WITH lead AS (
  SELECT DISTINCT number
  FROM (
    SELECT number
    FROM customer_trait
    WHERE tenant = $1
    AND name = $2
    AND value = $3) AS lead0)
SELECT c.name_key, s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT NULLIF(json_group_array(json_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number), '[]')
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END
FROM lead
CROSS
JOIN customer_head s
CROSS
JOIN customer c
WHERE c.tenant = s.tenant
AND c.number = s.number
AND s.number = lead.number
AND s.tenant = $4
AND c.tenant = s.tenant
AND c.name_key IS NOT NULL
AND s.list_seen IS NOT NULL
ORDER BY c.name_key DESC, c.number DESC
LIMIT $5;
