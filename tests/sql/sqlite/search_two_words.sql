WITH g AS (
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
  SELECT *
  FROM (
    SELECT 2 AS part, points, home
    FROM (
      SELECT CASE WHEN term = $7 THEN 2 ELSE 1 END AS points, field, home
      FROM (
        SELECT term, field, home
        FROM search_term
        WHERE tenant = $9
        AND term >= $7
        AND term < $8
        ORDER BY term, field, home
        LIMIT 200) AS passed) AS scan) AS g2
  UNION ALL
  SELECT *
  FROM (
    SELECT 2 AS part, points, home
    FROM (
      SELECT CASE WHEN term = $10 THEN 1 ELSE 1 END AS points, field, home
      FROM (
        SELECT term, field, home
        FROM search_term
        WHERE tenant = $12
        AND term >= $10
        AND term < $11
        ORDER BY term, field, home
        LIMIT 200) AS passed) AS scan) AS g3), found AS (
  SELECT COALESCE(h.merged_into, h.number) AS person, best.score, h.list_seen AS seen
  FROM (
    SELECT home, MAX(CASE WHEN part < 0 THEN 1000000 ELSE 500000 + 200000 * points END) AS score
    FROM g
    WHERE part < 1
    GROUP BY home) AS best
  CROSS
  JOIN customer_head h
  WHERE h.tenant = $13
  AND h.number = best.home), lead AS (
  SELECT part
  FROM g
  WHERE part > 0
  GROUP BY part
  ORDER BY COUNT(*), part
  LIMIT 1), led AS (
  SELECT DISTINCT (
    SELECT COALESCE(h.merged_into, h.number)
    FROM customer_head h
    WHERE h.tenant = $14
    AND h.number = g.home) AS person
  FROM g
  WHERE part = (
    SELECT part
    FROM lead)
  AND (
    SELECT COUNT(DISTINCT part)
    FROM g
    WHERE part > 0) = 2), told AS (
  SELECT person, (
    SELECT CASE WHEN MAX(CASE WHEN t.term = $1 THEN 2 WHEN t.term >= $1
      AND t.term < $2 THEN 1 WHEN t.term = $4 THEN 1 WHEN t.term >= $4
      AND t.term < $5 THEN 1 ELSE 0 END) > 0
    AND MAX(CASE WHEN t.term = $7 THEN 2 WHEN t.term >= $7
      AND t.term < $8 THEN 1 WHEN t.term = $10 THEN 1 WHEN t.term >= $10
      AND t.term < $11 THEN 1 ELSE 0 END) > 0 THEN MAX(CASE WHEN t.term = $1 THEN 2 WHEN t.term >= $1
      AND t.term < $2 THEN 1 WHEN t.term = $4 THEN 1 WHEN t.term >= $4
      AND t.term < $5 THEN 1 ELSE 0 END) + MAX(CASE WHEN t.term = $7 THEN 2 WHEN t.term >= $7
      AND t.term < $8 THEN 1 WHEN t.term = $10 THEN 1 WHEN t.term >= $10
      AND t.term < $11 THEN 1 ELSE 0 END) END
    FROM (
      SELECT led.person AS home
      UNION ALL
      SELECT m.number
      FROM customer_head m
      WHERE m.tenant = $15
      AND m.merged_into = led.person) AS homes
    CROSS
    JOIN search_term t
    WHERE t.tenant = $16
    AND t.home = homes.home) AS points
  FROM led), page AS (
  SELECT person, score, seen
  FROM (
    SELECT person, MAX(score) AS score, COALESCE(MAX(seen), (
        SELECT h.list_seen
        FROM customer_head h
        WHERE h.tenant = $17
        AND h.number = person), 0) AS seen
    FROM (
      SELECT person, score, seen
      FROM found
      UNION ALL
      SELECT person, 500000 + 400000 * points / 4, NULL
      FROM told
      WHERE points IS NOT NULL) AS everybody
    WHERE person IS NOT NULL
    GROUP BY person) AS ranked
  ORDER BY score DESC, seen DESC, person DESC
  LIMIT 21)
SELECT ('[' || (
    SELECT group_concat(json_array(part, person, json_array(n1, n2, n3, n4, n5, n6, n7, n8, n9), json_array(t1, t2, t3, t4)))
    FROM (
      SELECT 0 AS part, page.person, CAST(page.score AS BIGINT) AS n1, s.position AS n2, s.list_seen AS n3, s.last_inbound AS n4, s.last_outbound AS n5, c.created_at AS n6, c.updated_at AS n7, CAST(c.status AS BIGINT) AS n8, CAST(c.stage AS BIGINT) AS n9, c.name AS t1, s.counts AS t2, c.tags AS t3, c.traits AS t4
      FROM page
      CROSS
      JOIN customer_head s
      CROSS
      JOIN customer c
      WHERE s.tenant = $18
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
      WHERE m.tenant = $19
      AND m.merged_into = page.person
      AND mc.tenant = m.tenant
      AND mc.number = m.number
      UNION ALL
      SELECT 2, page.person, o.number, o.home, o.linked_id, o.created_at, o.updated_at, NULL, NULL, NULL, o.link_precedence, o.email, o.phone_number, NULL, NULL
      FROM page
      CROSS
      JOIN contact o
      WHERE o.tenant = $20
      AND o.customer = page.person
      AND o.deleted_at IS NULL
      UNION ALL
      SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
      FROM page
      CROSS
      JOIN identity i
      WHERE i.tenant = $21
      AND i.home = page.person
      UNION ALL
      SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
      FROM page
      CROSS
      JOIN customer_head m
      CROSS
      JOIN identity i
      WHERE m.tenant = $22
      AND m.merged_into = page.person
      AND i.tenant = m.tenant
      AND i.home = m.number)) || ']');

WITH slip AS (
  SELECT *
  FROM (
    SELECT t.value ->> 0 AS home, CASE WHEN t.value ->> 1 = v.column1 THEN 2 ELSE 1 END AS points
    FROM (
      SELECT value ->> 0 AS column1, value ->> 1 AS column2
      FROM json_each($1)) AS v, json_each((
        SELECT json_group_array(json_array(home, term))
        FROM (
          SELECT term, home
          FROM search_term
          WHERE tenant = $2
          AND term >= v.column1
          AND term < v.column2
          ORDER BY term, field, home
          LIMIT 50))) AS t
    LIMIT 300) AS s0), slipped AS (
  SELECT person, MAX(points) AS points
  FROM (
    SELECT (
      SELECT COALESCE(h.merged_into, h.number)
      FROM customer_head h
      WHERE h.tenant = $3
      AND h.number = slip.home) AS person, points
    FROM slip) AS all_slips
  GROUP BY person), meant AS (
  SELECT person, points
  FROM slipped
  WHERE (
    SELECT CASE WHEN MAX(CASE WHEN t.term = $4 THEN 2 WHEN t.term >= $4
      AND t.term < $5 THEN 1 WHEN t.term = $6 THEN 1 WHEN t.term >= $6
      AND t.term < $7 THEN 1 ELSE 0 END) > 0 THEN 1 ELSE 0 END + CASE WHEN MAX(CASE WHEN t.term = $8 THEN 2 WHEN t.term >= $8
      AND t.term < $9 THEN 1 WHEN t.term = $10 THEN 1 WHEN t.term >= $10
      AND t.term < $11 THEN 1 ELSE 0 END) > 0 THEN 1 ELSE 0 END
    FROM (
      SELECT slipped.person AS home
      UNION ALL
      SELECT m.number
      FROM customer_head m
      WHERE m.tenant = $12
      AND m.merged_into = slipped.person) AS homes
    CROSS
    JOIN search_term t
    WHERE t.tenant = $13
    AND t.home = homes.home) >= 1), docs AS (
  SELECT rowid AS home
  FROM search_doc
  WHERE search_doc MATCH $14
  LIMIT 100), page AS (
  SELECT DISTINCT person, 0 AS score, 0 AS seen
  FROM (
    SELECT (
      SELECT COALESCE(h.merged_into, h.number)
      FROM customer_head h
      WHERE h.tenant = $15
      AND h.number = docs.home) AS person
    FROM docs
    UNION ALL
    SELECT person
    FROM (
      SELECT person
      FROM meant
      ORDER BY points DESC, person
      LIMIT 100) AS best) AS candidates)
SELECT ('[' || (
    SELECT group_concat(json_array(part, person, json_array(n1, n2, n3, n4, n5, n6, n7, n8, n9), json_array(t1, t2, t3, t4)))
    FROM (
      SELECT 0 AS part, page.person, CAST(page.score AS BIGINT) AS n1, s.position AS n2, s.list_seen AS n3, s.last_inbound AS n4, s.last_outbound AS n5, c.created_at AS n6, c.updated_at AS n7, CAST(c.status AS BIGINT) AS n8, CAST(c.stage AS BIGINT) AS n9, c.name AS t1, s.counts AS t2, c.tags AS t3, c.traits AS t4
      FROM page
      CROSS
      JOIN customer_head s
      CROSS
      JOIN customer c
      WHERE s.tenant = $16
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
      WHERE m.tenant = $17
      AND m.merged_into = page.person
      AND mc.tenant = m.tenant
      AND mc.number = m.number
      UNION ALL
      SELECT 2, page.person, o.number, o.home, o.linked_id, o.created_at, o.updated_at, NULL, NULL, NULL, o.link_precedence, o.email, o.phone_number, NULL, NULL
      FROM page
      CROSS
      JOIN contact o
      WHERE o.tenant = $18
      AND o.customer = page.person
      AND o.deleted_at IS NULL
      UNION ALL
      SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
      FROM page
      CROSS
      JOIN identity i
      WHERE i.tenant = $19
      AND i.home = page.person
      UNION ALL
      SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
      FROM page
      CROSS
      JOIN customer_head m
      CROSS
      JOIN identity i
      WHERE m.tenant = $20
      AND m.merged_into = page.person
      AND i.tenant = m.tenant
      AND i.home = m.number)) || ']');
