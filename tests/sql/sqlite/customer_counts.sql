WITH m AS (
  SELECT c.number, c.stage, c.status, c.created_at
  FROM customer_head s
  CROSS
  JOIN customer c
  WHERE c.tenant = s.tenant
  AND c.number = s.number
  AND s.list_seen IS NOT NULL
  AND s.tenant = $1)
SELECT 0 AS part, CAST(0 AS BIGINT) AS value, CAST(NULL AS TEXT) AS tag, COUNT(*) AS number
FROM m
UNION ALL
SELECT *
FROM (
  SELECT 2, CAST(stage AS BIGINT) AS value, CAST(NULL AS TEXT), COUNT(*)
  FROM m
  GROUP BY 2
  ORDER BY 2 DESC
  LIMIT 371) AS by2
UNION ALL
SELECT *
FROM (
  SELECT 3, CAST(status AS BIGINT) AS value, CAST(NULL AS TEXT), COUNT(*)
  FROM m
  GROUP BY 2
  ORDER BY 2 DESC
  LIMIT 371) AS by3
UNION ALL
SELECT *
FROM (
  SELECT 4, created_at / 86400000000 AS value, CAST(NULL AS TEXT), COUNT(*)
  FROM m
  GROUP BY 2
  ORDER BY 2 DESC
  LIMIT 371) AS by4
UNION ALL
SELECT *
FROM (
  SELECT 1, CAST(0 AS BIGINT), MIN(t.tag), COUNT(*)
  FROM m
  JOIN customer_tag t ON t.number = m.number
  WHERE t.tenant = $2
  GROUP BY t.tag_key
  ORDER BY 4 DESC, t.tag_key
  LIMIT 100) AS by1;
