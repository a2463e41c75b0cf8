SELECT COUNT(*)
FROM (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $1
    AND home = ANY ($2)
    AND occurred_at >= $3
    AND occurred_at < $4
    ORDER BY occurred_at DESC, id DESC
    LIMIT $5) AS e
  UNION ALL
  SELECT *
  FROM (
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
    FROM page_view
    WHERE tenant = $6
    AND home = ANY ($7)
    AND occurred_at >= $8
    AND occurred_at < $9
    ORDER BY occurred_at DESC, id DESC
    LIMIT $10) AS v) AS counted;

WITH page AS MATERIALIZED (
  SELECT x.*
  FROM (
    SELECT u1 AS column1
    FROM unnest($1::bigint[]) AS u(u1)) AS h
  CROSS
  JOIN LATERAL (
    SELECT *
    FROM (
      SELECT id, occurred_at, 0 AS kind
      FROM engagement
      WHERE tenant = $2
      AND home = h.column1
      AND occurred_at >= $3
      AND occurred_at < $4
      ORDER BY occurred_at DESC, id DESC
      LIMIT $5) AS e
    UNION ALL
    SELECT *
    FROM (
      SELECT id, occurred_at, 1 AS kind
      FROM page_view
      WHERE tenant = $6
      AND home = h.column1
      AND occurred_at >= $7
      AND occurred_at < $8
      ORDER BY occurred_at DESC, id DESC
      LIMIT $9) AS v) AS x
  ORDER BY occurred_at DESC, id DESC
  LIMIT $10)
SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $11
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 0)
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
    FROM page_view
    WHERE tenant = $12
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 1)) AS line);
