WITH docs AS MATERIALIZED (
  SELECT home
  FROM search_doc
  WHERE tenant = $1
  AND (words LIKE $2)
  LIMIT 100), page AS MATERIALIZED (
  SELECT DISTINCT person, 0 AS score, 0 AS seen
  FROM (
    SELECT (
      SELECT COALESCE(h.merged_into, h.number)
      FROM customer_head h
      WHERE h.tenant = $3
      AND h.number = docs.home) AS person
    FROM docs) AS candidates)
SELECT 0 AS part, page.person, CAST(page.score AS BIGINT) AS n1, s.position AS n2, s.list_seen AS n3, s.last_inbound AS n4, s.last_outbound AS n5, c.created_at AS n6, c.updated_at AS n7, CAST(c.status AS BIGINT) AS n8, CAST(c.stage AS BIGINT) AS n9, c.name AS t1, s.counts AS t2, c.tags AS t3, c.traits AS t4
FROM page
CROSS
JOIN customer_head s
CROSS
JOIN customer c
WHERE s.tenant = $4
AND s.number = page.person
AND c.tenant = s.tenant
AND c.number = s.number
UNION ALL
SELECT 1, page.person, m.number, m.last_inbound, m.last_outbound, mc.updated_at, m.last_seen, NULL, NULL, NULL, mc.stage, mc.name, m.counts, mc.tags, mc.traits
FROM page
CROSS
JOIN customer_head m
CROSS
JOIN customer mc
WHERE m.tenant = $5
AND m.merged_into = page.person
AND mc.tenant = m.tenant
AND mc.number = m.number
UNION ALL
SELECT 2, page.person, o.number, o.home, o.linked_id, o.created_at, o.updated_at, NULL, NULL, NULL, o.link_precedence, o.email, o.phone_number, NULL, NULL
FROM page
CROSS
JOIN contact o
WHERE o.tenant = $6
AND o.customer = page.person
AND o.deleted_at IS NULL
UNION ALL
SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
FROM page
CROSS
JOIN identity i
WHERE i.tenant = $7
AND i.home = page.person
UNION ALL
SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
FROM page
CROSS
JOIN customer_head m
CROSS
JOIN identity i
WHERE m.tenant = $8
AND m.merged_into = page.person
AND i.tenant = m.tenant
AND i.home = m.number;

WITH g AS MATERIALIZED (
  SELECT *
  FROM (
    SELECT 1 AS part, points, home
    FROM (
      SELECT CASE WHEN term = $1 THEN 2 ELSE 1 END AS points, field, home
      FROM (
        SELECT term, field, home
        FROM search_term
        WHERE tenant = $3
        AND term >= $1
        AND term < $2
        ORDER BY term, field, home
        LIMIT 200) AS passed) AS scan) AS g0
  UNION ALL
  SELECT *
  FROM (
    SELECT 1 AS part, points, home
    FROM (
      SELECT CASE WHEN term = $4 THEN 1 ELSE 1 END AS points, field, home
      FROM (
        SELECT term, field, home
        FROM search_term
        WHERE tenant = $6
        AND term >= $4
        AND term < $5
        ORDER BY term, field, home
        LIMIT 200) AS passed) AS scan) AS g1
  UNION ALL
  SELECT -1, 2, i.home
  FROM identity i
  WHERE i.tenant = $7
  AND i.match_key = $8
  AND i.namespace = ANY ($9)), found AS MATERIALIZED (
  SELECT COALESCE(h.merged_into, h.number) AS person, best.score, h.list_seen AS seen
  FROM (
    SELECT home, MAX(CASE WHEN part < 0 THEN 1000000 ELSE 500000 + 200000 * points END) AS score
    FROM g
    GROUP BY home) AS best
  CROSS
  JOIN customer_head h
  WHERE h.tenant = $10
  AND h.number = best.home), page AS MATERIALIZED (
  SELECT person, score, seen
  FROM (
    SELECT person, MAX(score) AS score, COALESCE(MAX(seen), (
        SELECT h.list_seen
        FROM customer_head h
        WHERE h.tenant = $11
        AND h.number = person), 0) AS seen
    FROM found
    WHERE person IS NOT NULL
    GROUP BY person) AS ranked
  ORDER BY score DESC, seen DESC, person DESC
  LIMIT 21)
SELECT 0 AS part, page.person, CAST(page.score AS BIGINT) AS n1, s.position AS n2, s.list_seen AS n3, s.last_inbound AS n4, s.last_outbound AS n5, c.created_at AS n6, c.updated_at AS n7, CAST(c.status AS BIGINT) AS n8, CAST(c.stage AS BIGINT) AS n9, c.name AS t1, s.counts AS t2, c.tags AS t3, c.traits AS t4
FROM page
CROSS
JOIN customer_head s
CROSS
JOIN customer c
WHERE s.tenant = $12
AND s.number = page.person
AND c.tenant = s.tenant
AND c.number = s.number
UNION ALL
SELECT 1, page.person, m.number, m.last_inbound, m.last_outbound, mc.updated_at, m.last_seen, NULL, NULL, NULL, mc.stage, mc.name, m.counts, mc.tags, mc.traits
FROM page
CROSS
JOIN customer_head m
CROSS
JOIN customer mc
WHERE m.tenant = $13
AND m.merged_into = page.person
AND mc.tenant = m.tenant
AND mc.number = m.number
UNION ALL
SELECT 2, page.person, o.number, o.home, o.linked_id, o.created_at, o.updated_at, NULL, NULL, NULL, o.link_precedence, o.email, o.phone_number, NULL, NULL
FROM page
CROSS
JOIN contact o
WHERE o.tenant = $14
AND o.customer = page.person
AND o.deleted_at IS NULL
UNION ALL
SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
FROM page
CROSS
JOIN identity i
WHERE i.tenant = $15
AND i.home = page.person
UNION ALL
SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
FROM page
CROSS
JOIN customer_head m
CROSS
JOIN identity i
WHERE m.tenant = $16
AND m.merged_into = page.person
AND i.tenant = m.tenant
AND i.home = m.number;
