SELECT 0 AS part, COUNT(*) AS a, CAST(0 AS BIGINT) AS b, CAST(NULL AS TEXT) AS name
FROM (
  SELECT 1
  FROM (
    SELECT person AS number
    FROM (
      SELECT person
      FROM search_term
      WHERE tenant = $1
      AND term >= $2
      AND term < $3
      UNION ALL
      SELECT person
      FROM search_term
      WHERE tenant = $4
      AND term >= $5
      AND term < $6) AS found) AS lead0
  LIMIT 2001) AS counted0
UNION ALL
SELECT 1 AS part, COUNT(*) AS a, CAST(0 AS BIGINT) AS b, CAST(NULL AS TEXT) AS name
FROM (
  SELECT 1
  FROM (
    SELECT person AS number
    FROM (
      SELECT person
      FROM search_term
      WHERE tenant = $7
      AND term >= $8
      AND term < $9
      UNION ALL
      SELECT person
      FROM search_term
      WHERE tenant = $10
      AND term >= $11
      AND term < $12) AS found) AS lead1
  LIMIT 2001) AS counted1
UNION ALL
SELECT -1, a, b, CAST(NULL AS TEXT)
FROM (
  SELECT s.list_seen AS a, s.number AS b
  FROM customer_head s
  WHERE s.list_seen IS NOT NULL
  AND s.tenant = $13
  ORDER BY s.list_seen DESC, s.number DESC
  LIMIT 1 OFFSET 10000) AS far;

WITH lead AS (
  SELECT DISTINCT number
  FROM (
    SELECT person AS number
    FROM (
      SELECT person
      FROM search_term
      WHERE tenant = $1
      AND term >= $2
      AND term < $3
      UNION ALL
      SELECT person
      FROM search_term
      WHERE tenant = $4
      AND term >= $5
      AND term < $6) AS found) AS lead0)
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
  AND s.tenant = $7
  AND s.list_seen IS NOT NULL
  AND (
    SELECT CASE WHEN (MAX(CASE WHEN t.term = $8 THEN 4 WHEN t.term >= $8
        AND t.term < $9 THEN 2 WHEN t.term = $10 THEN 1 WHEN t.term >= $10
        AND t.term < $11 THEN 1 ELSE 0 END) > 0
      AND MAX(CASE WHEN t.term = $12 THEN 4 WHEN t.term >= $12
        AND t.term < $13 THEN 2 WHEN t.term = $14 THEN 1 WHEN t.term >= $14
        AND t.term < $15 THEN 1 ELSE 0 END) > 0) THEN 1 ELSE 0 END
    FROM (
      SELECT s.number AS home
      UNION ALL
      SELECT m.number
      FROM customer_head m
      WHERE m.tenant = $16
      AND m.merged_into = s.number) AS homes
    CROSS
    JOIN search_term t
    WHERE t.tenant = $17
    AND t.home = homes.home) = 1
  LIMIT $18) AS counted;

WITH lead AS (
  SELECT DISTINCT number
  FROM (
    SELECT person AS number
    FROM (
      SELECT person
      FROM search_term
      WHERE tenant = $1
      AND term >= $2
      AND term < $3
      UNION ALL
      SELECT person
      FROM search_term
      WHERE tenant = $4
      AND term >= $5
      AND term < $6) AS found) AS lead0)
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
AND s.tenant = $7
AND s.list_seen IS NOT NULL
AND (
  SELECT CASE WHEN (MAX(CASE WHEN t.term = $8 THEN 4 WHEN t.term >= $8
      AND t.term < $9 THEN 2 WHEN t.term = $10 THEN 1 WHEN t.term >= $10
      AND t.term < $11 THEN 1 ELSE 0 END) > 0
    AND MAX(CASE WHEN t.term = $12 THEN 4 WHEN t.term >= $12
      AND t.term < $13 THEN 2 WHEN t.term = $14 THEN 1 WHEN t.term >= $14
      AND t.term < $15 THEN 1 ELSE 0 END) > 0) THEN 1 ELSE 0 END
  FROM (
    SELECT s.number AS home
    UNION ALL
    SELECT m.number
    FROM customer_head m
    WHERE m.tenant = $16
    AND m.merged_into = s.number) AS homes
  CROSS
  JOIN search_term t
  WHERE t.tenant = $17
  AND t.home = homes.home) = 1
ORDER BY s.list_seen DESC, s.number DESC
LIMIT $18;
