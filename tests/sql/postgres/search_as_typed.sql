INSERT INTO person_card (tenant, customer, position, card)
SELECT v.column1, v.column2, v.column3, v.column4
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) AS u(u1, u2, u3, u4)) AS v
CROSS
JOIN customer_head h
WHERE h.tenant = v.column1
AND h.number = v.column2
AND h.position = v.column3
AND h.merged_into IS NULL
ORDER BY h.number FOR SHARE OF h
ON CONFLICT (tenant, customer)
DO UPDATE
SET position = excluded.position, card = excluded.card;

WITH g AS MATERIALIZED (
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
  AND i.namespace || '' = ANY ($6)
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
  GROUP BY person), page AS MATERIALIZED (
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
      ORDER BY rank DESC FETCH FIRST 21 ROWS WITH TIES) AS best) AS best
  ORDER BY rank DESC, seen DESC, person DESC
  LIMIT 21)
SELECT person, CAST(rank AS BIGINT), (
  SELECT k.card
  FROM person_card k
  WHERE k.tenant = $12
  AND k.customer = page.person), seen
FROM page;

WITH page AS MATERIALIZED (
  SELECT h.number AS person, h.shape, h.position, h.list_seen, h.last_inbound, h.last_outbound, h.counts
  FROM customer_head h
  WHERE h.tenant = $1
  AND h.number = ANY ($2))
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
AND i.home = m.number;
