SELECT 0 AS part, COUNT(*) AS a, CAST(0 AS BIGINT) AS b, CAST(NULL AS TEXT) AS name
FROM (
  SELECT 1
  FROM (
    SELECT number
    FROM customer
    WHERE tenant = $1
    AND created_at >= $2) AS lead0
  LIMIT 2001) AS counted0
UNION ALL
SELECT 1 AS part, COUNT(*) AS a, CAST(0 AS BIGINT) AS b, CAST(NULL AS TEXT) AS name
FROM (
  SELECT 1
  FROM (
    SELECT number
    FROM customer_head
    WHERE tenant = $3
    AND list_seen IS NOT NULL
    AND list_seen < $4) AS lead1
  LIMIT 2001) AS counted1
UNION ALL
SELECT -1, a, b, CAST(NULL AS TEXT)
FROM (
  SELECT s.list_seen AS a, s.number AS b
  FROM customer_head s
  WHERE s.list_seen IS NOT NULL
  AND s.tenant = $5
  ORDER BY s.number DESC
  LIMIT 1 OFFSET 10000) AS far;

WITH lead AS MATERIALIZED (
  SELECT DISTINCT number
  FROM (
    SELECT number
    FROM customer_head
    WHERE tenant = $1
    AND list_seen IS NOT NULL
    AND list_seen < $2) AS lead0)
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
  AND s.tenant = $3
  AND s.list_seen IS NOT NULL
  AND s.list_seen < $4
  AND c.created_at >= $5
  LIMIT $6) AS counted;

WITH lead AS MATERIALIZED (
  SELECT DISTINCT number
  FROM (
    SELECT number
    FROM customer_head
    WHERE tenant = $1
    AND list_seen IS NOT NULL
    AND list_seen < $2) AS lead0)
SELECT c.name_key, s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number) AS TEXT)
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
AND s.tenant = $3
AND s.list_seen IS NOT NULL
AND s.list_seen < $4
AND c.created_at >= $5
ORDER BY s.number DESC
LIMIT $6;
