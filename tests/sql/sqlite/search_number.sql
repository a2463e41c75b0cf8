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
  SELECT *
  FROM (
    SELECT 1 AS part, CASE WHEN term = $4 THEN 4 ELSE 2 END AS points, person, age
    FROM search_term
    WHERE tenant = $6
    AND term >= $4
    AND term < $5
    ORDER BY term, age, person
    LIMIT 100) AS g1
  UNION ALL
  SELECT *
  FROM (
    SELECT 1 AS part, CASE WHEN term = $7 THEN 4 ELSE 2 END AS points, person, age
    FROM search_term
    WHERE tenant = $9
    AND term >= $7
    AND term < $8
    ORDER BY term, age, person
    LIMIT 100) AS g2
  UNION ALL
  SELECT *
  FROM (
    SELECT 0 AS part, CASE WHEN term = $10 THEN 4 ELSE 2 END AS points, person, age
    FROM search_term
    WHERE tenant = $12
    AND term >= $10
    AND term < $11
    ORDER BY term, age, person
    LIMIT 100) AS g3
  UNION ALL
  SELECT *
  FROM (
    SELECT 0 AS part, CASE WHEN term = $13 THEN 4 ELSE 2 END AS points, person, age
    FROM search_term
    WHERE tenant = $15
    AND term >= $13
    AND term < $14
    ORDER BY term, age, person
    LIMIT 100) AS g4
  UNION ALL
  SELECT -1, 0, COALESCE(h.merged_into, h.number), 0
  FROM identity i
  CROSS
  JOIN customer_head h
  WHERE i.tenant = $16
  AND i.match_key = $17
  AND i.namespace || '' IN (
    SELECT value
    FROM json_each($18))
  AND h.tenant = $19
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
        SELECT 1 AS part, CASE WHEN term = $20 THEN 1 ELSE 1 END AS points, person, age
        FROM search_term
        WHERE tenant = $22
        AND term >= $20
        AND term < $21
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
  WHERE k.tenant = $23
  AND k.customer = page.person)
FROM page;
