WITH slip AS (
  SELECT *
  FROM (
    SELECT t.value ->> 0 AS person, CASE WHEN t.value ->> 1 = v.column1 THEN 2 ELSE 1 END AS points
    FROM (
      SELECT value ->> 0 AS column1, value ->> 1 AS column2
      FROM json_each($1)) AS v, json_each((
        SELECT json_group_array(json_array(person, term))
        FROM (
          SELECT term, person
          FROM search_term
          WHERE tenant = $2
          AND term >= v.column1
          AND term < v.column2
          ORDER BY term, age, person
          LIMIT 50))) AS t
    LIMIT 300) AS s0), slipped AS (
  SELECT person, MAX(points) AS points
  FROM slip
  GROUP BY person), meant AS (
  SELECT person, points
  FROM slipped), docs AS (
  SELECT rowid AS home
  FROM search_doc
  WHERE search_doc MATCH $3
  LIMIT 100), page AS (
  SELECT DISTINCT person, 0 AS rank, h.shape, h.position, h.list_seen, h.last_inbound, h.last_outbound, h.counts
  FROM (
    SELECT (
      SELECT COALESCE(h.merged_into, h.number)
      FROM customer_head h
      WHERE h.tenant = $4
      AND h.number = docs.home) AS person
    FROM docs
    UNION ALL
    SELECT person
    FROM (
      SELECT person
      FROM meant
      ORDER BY points DESC, person
      LIMIT 100) AS best) AS candidates
  CROSS
  JOIN customer_head h
  WHERE h.tenant = $5
  AND h.number = candidates.person)
SELECT ('[' || (
    SELECT group_concat(json_array(part, person, json_array(n1, n2, n3, n4, n5, n6, n7, n8, n9), json_array(t1, t2, t3, t4)))
    FROM (
      SELECT 0 AS part, page.person, CAST(page.rank AS BIGINT) AS n1, page.position AS n2, page.list_seen AS n3, page.last_inbound AS n4, page.last_outbound AS n5, c.created_at AS n6, c.updated_at AS n7, CAST(c.status AS BIGINT) AS n8, CAST(c.stage AS BIGINT) AS n9, c.name AS t1, page.counts AS t2, c.tags AS t3, c.traits AS t4
      FROM page
      CROSS
      JOIN customer c
      WHERE c.tenant = $6
      AND c.number = page.person
      UNION ALL
      SELECT 1, page.person, m.number, m.last_inbound, m.last_outbound, mc.updated_at, m.last_seen, NULL, NULL, NULL, mc.stage, mc.name, m.counts, mc.tags, mc.traits
      FROM page
      CROSS
      JOIN customer_head m
      CROSS
      JOIN customer mc
      WHERE m.tenant = $7
      AND page.shape > 0
      AND m.merged_into = page.person
      AND mc.tenant = m.tenant
      AND mc.number = m.number
      UNION ALL
      SELECT 2, page.person, o.number, o.home, o.linked_id, o.created_at, o.updated_at, NULL, NULL, NULL, o.link_precedence, o.email, o.phone_number, NULL, NULL
      FROM page
      CROSS
      JOIN contact o
      WHERE o.tenant = $8
      AND o.customer = page.person
      AND o.deleted_at IS NULL
      UNION ALL
      SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
      FROM page
      CROSS
      JOIN identity i
      WHERE i.tenant = $9
      AND i.home = page.person
      UNION ALL
      SELECT 3, page.person, i.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.kind, i.namespace, i.match_key, i.value, NULL
      FROM page
      CROSS
      JOIN customer_head m
      CROSS
      JOIN identity i
      WHERE m.tenant = $10
      AND page.shape > 0
      AND m.merged_into = page.person
      AND i.tenant = m.tenant
      AND i.home = m.number)) || ']');
