SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT x.*
    FROM (
      SELECT u1 AS column1
      FROM unnest($1::bigint[]) AS u(u1)) AS h
    CROSS
    JOIN LATERAL (
      SELECT *
      FROM (
        SELECT kind, id, home, occurred_at, channel, direction
        FROM engagement
        WHERE tenant = $2
        AND home = h.column1
        AND words @@ $3::tsquery
        ORDER BY occurred_at DESC, id DESC
        LIMIT $4) AS e
      UNION ALL
      SELECT *
      FROM (
        SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
        FROM page_view
        WHERE tenant = $5
        AND home = h.column1
        AND words @@ $6::tsquery
        ORDER BY occurred_at DESC, id DESC
        LIMIT $7) AS v
      ORDER BY occurred_at DESC, id DESC
      LIMIT $8) AS x
    ORDER BY occurred_at DESC, id DESC
    LIMIT $9) AS line);

SELECT COUNT(*)
FROM (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $1
    AND home = ANY ($2)
    AND words @@ $3::tsquery
    ORDER BY occurred_at DESC, id DESC
    LIMIT $4) AS e
  UNION ALL
  SELECT *
  FROM (
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
    FROM page_view
    WHERE tenant = $5
    AND home = ANY ($6)
    AND words @@ $7::tsquery
    ORDER BY occurred_at DESC, id DESC
    LIMIT $8) AS v) AS counted;
