SELECT x.*
FROM (
  SELECT u1 AS column1
  FROM unnest($1::bigint[]) AS u(u1)) AS h
CROSS
JOIN LATERAL (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6
    FROM engagement
    WHERE tenant = $2
    AND home = h.column1
    AND kind = ANY ($3)
    ORDER BY occurred_at DESC, id DESC
    LIMIT $4) AS e
  UNION ALL
  SELECT *
  FROM (
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
    FROM page_view
    WHERE tenant = $5
    AND home = h.column1
    ORDER BY occurred_at DESC, id DESC
    LIMIT $6) AS v
  ORDER BY occurred_at DESC, id DESC
  LIMIT $7) AS x
ORDER BY occurred_at DESC, id DESC
LIMIT $8;
