SELECT gin_clean_pending_list('search_doc_trigram');

WITH named AS MATERIALIZED (
  SELECT t.person
  FROM (
    SELECT word
    FROM name_word
    WHERE tenant = $1
    AND word LIKE $2
    LIMIT 100) AS w
  CROSS
  JOIN LATERAL (
    SELECT person, age
    FROM search_term
    WHERE tenant = $3
    AND term = w.word
    AND field = 1
    ORDER BY age, person
    LIMIT 100) AS t
  GROUP BY t.person
  ORDER BY MIN(t.age), t.person
  LIMIT 100), slip AS MATERIALIZED (
  SELECT *
  FROM (
    SELECT t.person, CASE WHEN t.term = v.column1 COLLATE "C" THEN 2 ELSE 1 END AS points
    FROM (
      SELECT u1 AS column1, u2 AS column2
      FROM unnest($4::text[], $5::text[]) AS u(u1, u2)) AS v
    CROSS
    JOIN LATERAL (
      SELECT term, person
      FROM search_term
      WHERE tenant = $6
      AND term >= v.column1 COLLATE "C"
      AND term < v.column2 COLLATE "C"
      ORDER BY term, age, person
      LIMIT 50) AS t
    WHERE (
      SELECT COUNT(*)
      FROM named) < 20
    LIMIT 300) AS s0), slipped AS MATERIALIZED (
  SELECT person, MAX(points) AS points
  FROM slip
  GROUP BY person), meant AS MATERIALIZED (
  SELECT person, points
  FROM slipped), docs AS MATERIALIZED (
  SELECT DISTINCT home
  FROM (
    SELECT d.home
    FROM search_doc d
    WHERE d.tenant = $7
    AND (
      SELECT COUNT(*)
      FROM named) < 20
    AND (d.words LIKE $8)
    LIMIT 300) AS d
  LIMIT 100), page AS MATERIALIZED (
  SELECT DISTINCT person, 0 AS rank, h.shape, h.position, h.list_seen, h.last_inbound, h.last_outbound, h.counts
  FROM (
    SELECT (
      SELECT COALESCE(h.merged_into, h.number)
      FROM customer_head h
      WHERE h.tenant = $9
      AND h.number = docs.home) AS person
    FROM docs
    UNION ALL
    SELECT person
    FROM named
    UNION ALL
    SELECT person
    FROM (
      SELECT person
      FROM meant
      ORDER BY points DESC, person
      LIMIT 100) AS best) AS candidates
  CROSS
  JOIN customer_head h
  WHERE h.tenant = $10
  AND h.number = candidates.person)
SELECT person, CAST(rank AS BIGINT), (
  SELECT k.card
  FROM person_card k
  WHERE k.tenant = $11
  AND k.customer = page.person), page.position, page.list_seen, page.last_inbound, page.last_outbound, page.counts, CASE WHEN page.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  WHERE m.tenant = $12
  AND m.merged_into = page.person) END
FROM page;
