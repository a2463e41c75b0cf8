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
        AND (CAST(data AS JSON) ->> 'record_state') = ANY ($3)
        AND source = ANY ($4)
        ORDER BY occurred_at DESC, id DESC
        LIMIT $5) AS e
      ORDER BY occurred_at DESC, id DESC
      LIMIT $6) AS x
    ORDER BY occurred_at DESC, id DESC
    LIMIT $7) AS line);

SELECT COUNT(*)
FROM (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $1
    AND home = ANY ($2)
    AND (CAST(data AS JSON) ->> 'record_state') = ANY ($3)
    AND source = ANY ($4)
    ORDER BY occurred_at DESC, id DESC
    LIMIT $5) AS e) AS counted;
