WITH g AS (
  SELECT *
  FROM (
    SELECT 1 AS part, CASE WHEN term = $1 THEN 4 ELSE 2 END AS points, person, age
    FROM search_term
    WHERE tenant = $3
    AND term >= $1
    AND term < $2
    ORDER BY term, age, person
    LIMIT 100) AS g0
  UNION ALL
  SELECT -1, 0, COALESCE(h.merged_into, h.number), 0
  FROM identity i
  CROSS
  JOIN customer_head h
  WHERE i.tenant = $4
  AND i.match_key = $5
  AND i.namespace || '' IN (
    SELECT value
    FROM json_each($6))
  AND h.tenant = $7
  AND h.number = i.home), best AS (
  SELECT person, MAX(CAST(score AS BIGINT) * 4194304 - age) AS rank
  FROM (
    SELECT person, age, CASE WHEN part < 0 THEN 1000000 ELSE 500000 + 100000 * points END AS score
    FROM (
      SELECT *
      FROM g
      UNION ALL
      SELECT *
      FROM (
        SELECT 1 AS part, CASE WHEN term = $8 THEN 1 ELSE 1 END AS points, person, age
        FROM search_term
        WHERE tenant = $10
        AND term >= $8
        AND term < $9
        ORDER BY term, age, person
        LIMIT 100) AS g0
      WHERE (
        SELECT COUNT(DISTINCT person)
        FROM g) < 21) AS g) AS scored
  GROUP BY person), page AS (
  SELECT best.*
  FROM (
    SELECT *
    FROM best
    ORDER BY rank DESC, person DESC
    LIMIT 21) AS best)
SELECT person, CAST(rank AS BIGINT), (
  SELECT k.card
  FROM person_card k
  WHERE k.tenant = $11
  AND k.customer = page.person)
FROM page;
