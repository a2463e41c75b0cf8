WITH named AS MATERIALIZED (
  SELECT person, age, CASE WHEN term = $1 THEN 950000 ELSE 925000 END AS score
  FROM search_term
  WHERE tenant = $2
  AND term >= $3
  AND term < $4
  ORDER BY term, age, person
  LIMIT 100), g AS MATERIALIZED (
  SELECT *
  FROM (
    SELECT 1 AS part, CASE WHEN term = $5 THEN 4 ELSE 2 END AS points, person, age
    FROM search_term
    WHERE tenant = $7
    AND term >= $5
    AND term < $6
    ORDER BY term, age, person
    LIMIT 100) AS g0
  WHERE (
    SELECT COUNT(DISTINCT person)
    FROM named) < 21
  UNION ALL
  SELECT *
  FROM (
    SELECT 1 AS part, CASE WHEN term = $8 THEN 1 ELSE 1 END AS points, person, age
    FROM search_term
    WHERE tenant = $10
    AND term >= $8
    AND term < $9
    ORDER BY term, age, person
    LIMIT 100) AS g1
  WHERE (
    SELECT COUNT(DISTINCT person)
    FROM named) < 21
  UNION ALL
  SELECT *
  FROM (
    SELECT 2 AS part, CASE WHEN term = $11 THEN 4 ELSE 2 END AS points, person, age
    FROM search_term
    WHERE tenant = $13
    AND term >= $11
    AND term < $12
    ORDER BY term, age, person
    LIMIT 100) AS g2
  WHERE (
    SELECT COUNT(DISTINCT person)
    FROM named) < 21
  UNION ALL
  SELECT *
  FROM (
    SELECT 2 AS part, CASE WHEN term = $14 THEN 1 ELSE 1 END AS points, person, age
    FROM search_term
    WHERE tenant = $16
    AND term >= $14
    AND term < $15
    ORDER BY term, age, person
    LIMIT 100) AS g3
  WHERE (
    SELECT COUNT(DISTINCT person)
    FROM named) < 21), lead AS (
  SELECT part
  FROM g
  WHERE part > 0
  GROUP BY part
  ORDER BY COUNT(*), part
  LIMIT 1), led AS MATERIALIZED (
  SELECT person, MIN(age) AS age
  FROM g
  WHERE part = (
    SELECT part
    FROM lead)
  AND (
    SELECT COUNT(DISTINCT part)
    FROM g
    WHERE part > 0) = 2
  GROUP BY person), told AS MATERIALIZED (
  SELECT person, age, (
    SELECT CASE WHEN MAX(CASE WHEN t.term = $5 THEN 4 WHEN t.term >= $5
      AND t.term < $6 THEN 2 WHEN t.term = $8 THEN 1 WHEN t.term >= $8
      AND t.term < $9 THEN 1 ELSE 0 END) > 0
    AND MAX(CASE WHEN t.term = $11 THEN 4 WHEN t.term >= $11
      AND t.term < $12 THEN 2 WHEN t.term = $14 THEN 1 WHEN t.term >= $14
      AND t.term < $15 THEN 1 ELSE 0 END) > 0 THEN MAX(CASE WHEN t.term = $5 THEN 4 WHEN t.term >= $5
      AND t.term < $6 THEN 2 WHEN t.term = $8 THEN 1 WHEN t.term >= $8
      AND t.term < $9 THEN 1 ELSE 0 END) + MAX(CASE WHEN t.term = $11 THEN 4 WHEN t.term >= $11
      AND t.term < $12 THEN 2 WHEN t.term = $14 THEN 1 WHEN t.term >= $14
      AND t.term < $15 THEN 1 ELSE 0 END) END
    FROM (
      SELECT led.person AS home
      UNION ALL
      SELECT m.number
      FROM customer_head m
      WHERE m.tenant = $17
      AND m.merged_into = led.person) AS homes
    CROSS
    JOIN search_term t
    WHERE t.tenant = $18
    AND t.home = homes.home
    AND t.term >= $19
    AND t.term < $20) AS points
  FROM led), best AS (
  SELECT person, MAX(CAST(score AS BIGINT) * 4194304 - age) AS rank
  FROM (
    SELECT person, age, CASE WHEN part < 0 THEN 1000000 ELSE 500000 + 100000 * points END AS score
    FROM g
    WHERE part < 1
    UNION ALL
    SELECT person, age, 500000 + 400000 * points / 8
    FROM told
    WHERE points IS NOT NULL
    UNION ALL
    SELECT person, age, score
    FROM named) AS scored
  GROUP BY person), page AS MATERIALIZED (
  SELECT best.*
  FROM (
    SELECT *
    FROM best
    ORDER BY rank DESC, person DESC
    LIMIT 21) AS best)
SELECT person, CAST(rank AS BIGINT), (
  SELECT k.card
  FROM person_card k
  WHERE k.tenant = $21
  AND k.customer = page.person)
FROM page;
