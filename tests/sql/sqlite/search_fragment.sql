WITH slip AS (
  SELECT *
  FROM (
    SELECT t.value ->> 0 AS person, CASE WHEN t.value ->> 1 = v.column1 THEN 2 ELSE 1 END AS points
    FROM (
      SELECT value ->> 0 AS column1, value ->> 1 AS column2
      FROM jsonb_each($1)) AS v, json_each((
        SELECT json_group_array(json_array(person, term))
        FROM (
          SELECT term, person
          FROM search_term
          WHERE tenant = $2
          AND term >= v.column1
          AND term < v.column2
          ORDER BY term, age, person
          LIMIT 50))) AS t
    WHERE true
    LIMIT 300) AS s0), slipped AS (
  SELECT person, MAX(points) AS points
  FROM slip
  GROUP BY person), meant AS (
  SELECT person, points
  FROM slipped), docs AS (
  SELECT rowid AS home
  FROM search_doc
  WHERE search_doc MATCH $3
  AND true
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
SELECT person, CAST(rank AS BIGINT), (
  SELECT k.card
  FROM person_card k
  WHERE k.tenant = $6
  AND k.customer = page.person), page.position, page.list_seen, page.last_inbound, page.last_outbound, page.counts, CASE WHEN page.shape > 0 THEN (
  SELECT NULLIF(json_group_array(json_array(m.number, m.counts, m.last_inbound, m.last_outbound)
      ORDER BY m.number), '[]')
  FROM customer_head m
  WHERE m.tenant = $7
  AND m.merged_into = page.person) END
FROM page;
