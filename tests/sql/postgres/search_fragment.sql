WITH slip AS MATERIALIZED (
  SELECT *
  FROM (
    SELECT t.home, CASE WHEN t.term = v.column1 COLLATE "C" THEN 2 ELSE 1 END AS points
    FROM (
      SELECT u1 AS column1, u2 AS column2
      FROM unnest($1::text[], $2::text[]) AS u(u1, u2)) AS v
    CROSS
    JOIN LATERAL (
      SELECT term, home
      FROM search_term
      WHERE tenant = $3
      AND term >= v.column1 COLLATE "C"
      AND term < v.column2 COLLATE "C"
      ORDER BY term, field, home
      LIMIT 50) AS t
    LIMIT 300) AS s0), slipped AS MATERIALIZED (
  SELECT person, MAX(points) AS points
  FROM (
    SELECT (
      SELECT COALESCE(h.merged_into, h.number)
      FROM customer_head h
      WHERE h.tenant = $4
      AND h.number = slip.home) AS person, points
    FROM slip) AS all_slips
  GROUP BY person), meant AS MATERIALIZED (
  SELECT person, points
  FROM slipped), docs AS MATERIALIZED (
  SELECT home
  FROM search_doc
  WHERE tenant = $5
  AND (words LIKE $6)
  LIMIT 100), page AS MATERIALIZED (
  SELECT DISTINCT person, 0 AS score, 0 AS seen
  FROM (
    SELECT (
      SELECT COALESCE(h.merged_into, h.number)
      FROM customer_head h
      WHERE h.tenant = $7
      AND h.number = docs.home) AS person
    FROM docs
    UNION ALL
    SELECT person
    FROM (
      SELECT person
      FROM meant
      ORDER BY points DESC, person
      LIMIT 100) AS best) AS candidates)
SELECT 0 AS part, page.person, CAST(page.score AS BIGINT) AS n1, s.position AS n2, s.list_seen AS n3, s.last_inbound AS n4, s.last_outbound AS n5, c.created_at AS n6, c.updated_at AS n7, CAST(c.status AS BIGINT) AS n8, CAST(c.stage AS BIGINT) AS n9, c.name AS t1, s.counts AS t2, c.tags AS t3, c.traits AS t4
FROM page
CROSS
JOIN customer_head s
CROSS
JOIN customer c
WHERE s.tenant = $8
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
WHERE m.tenant = $9
AND m.merged_into = page.person
AND mc.tenant = m.tenant
AND mc.number = m.number
UNION ALL
SELECT 2, page.person, o.number, o.home, o.linked_id, o.created_at, o.updated_at, NULL, NULL, NULL, o.link_precedence, o.email, o.phone_number, NULL, NULL
FROM page
CROSS
JOIN contact o
WHERE o.tenant = $10
AND o.customer = page.person
AND o.deleted_at IS NULL
UNION ALL
SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
FROM page
CROSS
JOIN identity i
WHERE i.tenant = $11
AND i.home = page.person
UNION ALL
SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
FROM page
CROSS
JOIN customer_head m
CROSS
JOIN identity i
WHERE m.tenant = $12
AND m.merged_into = page.person
AND i.tenant = m.tenant
AND i.home = m.number;
