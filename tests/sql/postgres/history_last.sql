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
      ORDER BY occurred_at ASC, id ASC
      LIMIT $3) AS e
    UNION ALL
    SELECT *
    FROM (
      SELECT id, occurred_at, 1 AS kind
      FROM page_view
      WHERE tenant = $4
      AND home = h.column1
      ORDER BY occurred_at ASC, id ASC
      LIMIT $5) AS v) AS x
  ORDER BY occurred_at ASC, id ASC
  LIMIT $6)
SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $7
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 0)
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
    FROM page_view
    WHERE tenant = $8
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 1)) AS line);
