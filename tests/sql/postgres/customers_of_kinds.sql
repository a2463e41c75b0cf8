SELECT 0 AS part, COUNT(*) AS a, CAST(0 AS BIGINT) AS b, CAST(NULL AS TEXT) AS name
FROM (
  SELECT 1
  FROM (
    SELECT COALESCE(h.merged_into, h.number) AS number
    FROM (
      SELECT home
      FROM identity
      WHERE tenant = $1
      AND kind = ANY ($2)
      UNION ALL
      SELECT home
      FROM identity
      WHERE tenant = $3
      AND other_kinds <> 0
      AND (other_kinds & $4) <> 0) AS known
    CROSS
    JOIN customer_head h
    WHERE h.tenant = $5
    AND h.number = known.home) AS lead0
  LIMIT 2001) AS counted0
UNION ALL
SELECT 1 AS part, COUNT(*) AS a, CAST(0 AS BIGINT) AS b, CAST(NULL AS TEXT) AS name
FROM (
  SELECT 1
  FROM (
    SELECT number
    FROM customer
    WHERE tenant = $6
    AND status <> 1
    AND status = ANY ($7)) AS lead1
  LIMIT 2001) AS counted1
UNION ALL
SELECT 2 AS part, COUNT(*) AS a, CAST(0 AS BIGINT) AS b, CAST(NULL AS TEXT) AS name
FROM (
  SELECT 1
  FROM (
    SELECT number
    FROM customer
    WHERE tenant = $8
    AND stage = ANY ($9)) AS lead2
  LIMIT 2001) AS counted2
UNION ALL
SELECT -1, a, b, CAST(NULL AS TEXT)
FROM (
  SELECT s.list_seen AS a, s.number AS b
  FROM customer_head s
  WHERE s.list_seen IS NOT NULL
  AND s.tenant = $10
  ORDER BY s.list_seen DESC, s.number DESC
  LIMIT 1 OFFSET 10000) AS far;

WITH lead AS MATERIALIZED (
  SELECT DISTINCT number
  FROM (
    SELECT number
    FROM customer
    WHERE tenant = $1
    AND status <> 1
    AND status = ANY ($2)) AS lead0)
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
  AND c.status = ANY ($4)
  AND c.stage = ANY ($5)
  AND COALESCE((
      SELECT i.id
      FROM identity i
      WHERE i.tenant = s.tenant
      AND i.home = s.number
      AND (i.kind = ANY ($6) OR (i.other_kinds & $7) <> 0)
      LIMIT 1), (
      SELECT i.id
      FROM customer_head m
      JOIN identity i ON i.tenant = m.tenant
      AND i.home = m.number
      WHERE m.tenant = s.tenant
      AND m.merged_into = s.number
      AND (i.kind = ANY ($8) OR (i.other_kinds & $9) <> 0)
      LIMIT 1)) IS NOT NULL
  LIMIT $10) AS counted;

WITH lead AS MATERIALIZED (
  SELECT DISTINCT number
  FROM (
    SELECT number
    FROM customer
    WHERE tenant = $1
    AND status <> 1
    AND status = ANY ($2)) AS lead0)
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
AND c.status = ANY ($4)
AND c.stage = ANY ($5)
AND COALESCE((
    SELECT i.id
    FROM identity i
    WHERE i.tenant = s.tenant
    AND i.home = s.number
    AND (i.kind = ANY ($6) OR (i.other_kinds & $7) <> 0)
    LIMIT 1), (
    SELECT i.id
    FROM customer_head m
    JOIN identity i ON i.tenant = m.tenant
    AND i.home = m.number
    WHERE m.tenant = s.tenant
    AND m.merged_into = s.number
    AND (i.kind = ANY ($8) OR (i.other_kinds & $9) <> 0)
    LIMIT 1)) IS NOT NULL
ORDER BY s.list_seen DESC, s.number DESC
LIMIT $10;
