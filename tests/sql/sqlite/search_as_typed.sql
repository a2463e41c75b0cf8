INSERT INTO person_card (tenant, customer, position, card)
SELECT v.column1, v.column2, v.column3, v.column4
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4
  FROM json_each($1)) AS v
CROSS
JOIN customer_head h
WHERE h.tenant = v.column1
AND h.number = v.column2
AND h.position = v.column3
AND h.merged_into IS NULL
ORDER BY h.number
ON CONFLICT (tenant, customer)
DO UPDATE
SET position = excluded.position, card = excluded.card;

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
  SELECT person, MAX(CAST(score AS BIGINT) * 32768 - age) AS rank
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
  SELECT person, rank, CASE WHEN equals > 1 THEN COALESCE((
      SELECT h.list_seen
      FROM customer_head h
      WHERE h.tenant = $11
      AND h.number = best.person), 0) ELSE 0 END AS seen
  FROM (
    SELECT person, rank, COUNT(*) OVER (
      ORDER BY rank DESC RANGE BETWEEN CURRENT ROW
      AND CURRENT ROW) AS equals
    FROM (
      SELECT *
      FROM best
      ORDER BY rank DESC) AS best) AS best
  ORDER BY rank DESC, seen DESC, person DESC
  LIMIT 21)
SELECT person, CAST(rank AS BIGINT), (
  SELECT k.card
  FROM person_card k
  WHERE k.tenant = $12
  AND k.customer = page.person), seen
FROM page;

WITH page AS (
  SELECT h.number AS person, h.shape, h.position, h.list_seen, h.last_inbound, h.last_outbound, h.counts
  FROM customer_head h
  WHERE h.tenant = $1
  AND h.number IN (
    SELECT value
    FROM json_each($2)))
SELECT ('[' || (
    SELECT group_concat(json_array(part, person, json_array(n1, n2, n3, n4, n5, n6, n7, n8, n9), json_array(t1, t2, t3, t4)))
    FROM (
      SELECT 0 AS part, page.person, CAST(NULL AS BIGINT) AS n1, page.position AS n2, page.list_seen AS n3, page.last_inbound AS n4, page.last_outbound AS n5, c.created_at AS n6, c.updated_at AS n7, CAST(c.status AS BIGINT) AS n8, CAST(c.stage AS BIGINT) AS n9, c.name AS t1, page.counts AS t2, c.tags AS t3, c.traits AS t4
      FROM page
      CROSS
      JOIN customer c
      WHERE c.tenant = $3
      AND c.number = page.person
      UNION ALL
      SELECT 1, page.person, m.number, m.last_inbound, m.last_outbound, mc.updated_at, m.last_seen, NULL, NULL, NULL, mc.stage, mc.name, m.counts, mc.tags, mc.traits
      FROM page
      CROSS
      JOIN customer_head m
      CROSS
      JOIN customer mc
      WHERE m.tenant = $4
      AND page.shape > 0
      AND m.merged_into = page.person
      AND mc.tenant = m.tenant
      AND mc.number = m.number
      UNION ALL
      SELECT 2, page.person, o.number, o.home, o.linked_id, o.created_at, o.updated_at, NULL, NULL, NULL, o.link_precedence, o.email, o.phone_number, NULL, NULL
      FROM page
      CROSS
      JOIN contact o
      WHERE o.tenant = $5
      AND o.customer = page.person
      AND o.deleted_at IS NULL
      UNION ALL
      SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
      FROM page
      CROSS
      JOIN identity i
      WHERE i.tenant = $6
      AND i.home = page.person
      UNION ALL
      SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
      FROM page
      CROSS
      JOIN customer_head m
      CROSS
      JOIN identity i
      WHERE m.tenant = $7
      AND page.shape > 0
      AND m.merged_into = page.person
      AND i.tenant = m.tenant
      AND i.home = m.number)) || ']');
