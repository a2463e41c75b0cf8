WITH RECURSIVE scanned AS MATERIALIZED (
  SELECT *
  FROM (
    SELECT newest0.*
    FROM (
      SELECT u1 AS column1
      FROM unnest($1::bigint[]) AS u(u1)) AS h
    CROSS
    JOIN LATERAL (
      SELECT id, occurred_at, 0 AS kind, (words @@ CAST($2 AS tsquery)) AS hit
      FROM engagement
      WHERE tenant = $3
      AND home = h.column1
      ORDER BY occurred_at DESC, id DESC
      LIMIT 10000) AS newest0
    UNION ALL
    SELECT newest1.*
    FROM (
      SELECT u1 AS column1
      FROM unnest($4::bigint[]) AS u(u1)) AS h
    CROSS
    JOIN LATERAL (
      SELECT id, occurred_at, 1 AS kind, (words @@ CAST($5 AS tsquery)) AS hit
      FROM page_view
      WHERE tenant = $6
      AND home = h.column1
      ORDER BY occurred_at DESC, id DESC
      LIMIT 10000) AS newest1) AS items
  ORDER BY occurred_at DESC, id DESC
  LIMIT 10000), near AS MATERIALIZED (
  SELECT id, occurred_at, kind
  FROM scanned
  WHERE hit
  LIMIT $7), rest AS MATERIALIZED (
  SELECT occurred_at, id
  FROM scanned
  WHERE (
    SELECT COUNT(*)
    FROM near) < $8
  AND (
    SELECT COUNT(*)
    FROM scanned) = 10000
  ORDER BY occurred_at ASC, id ASC
  LIMIT 1), page AS MATERIALIZED (
  SELECT id, kind
  FROM (
    SELECT id, occurred_at, kind
    FROM near
    UNION ALL
    SELECT id, occurred_at, kind
    FROM (
      SELECT id, occurred_at, 0 AS kind, words
      FROM engagement
      WHERE tenant = $9
      AND home = ANY ($10)
      AND (
        SELECT COUNT(*)
        FROM rest) > 0
      AND words @@ CAST($11 AS tsquery) OFFSET 0) AS indexed0
    WHERE (occurred_at, id) < (
      SELECT occurred_at, id
      FROM rest)
    UNION ALL
    SELECT id, occurred_at, kind
    FROM (
      SELECT id, occurred_at, 1 AS kind, words
      FROM page_view
      WHERE tenant = $12
      AND home = ANY ($13)
      AND (
        SELECT COUNT(*)
        FROM rest) > 0
      AND words @@ CAST($14 AS tsquery) OFFSET 0) AS indexed1
    WHERE (occurred_at, id) < (
      SELECT occurred_at, id
      FROM rest)) AS found
  ORDER BY occurred_at DESC, id DESC
  LIMIT $15)
SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $16
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 0)
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
    FROM page_view
    WHERE tenant = $17
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 1)) AS line);

WITH RECURSIVE scanned AS MATERIALIZED (
  SELECT *
  FROM (
    SELECT newest0.*
    FROM (
      SELECT u1 AS column1
      FROM unnest($1::bigint[]) AS u(u1)) AS h
    CROSS
    JOIN LATERAL (
      SELECT id, occurred_at, 0 AS kind, (words @@ CAST($2 AS tsquery)) AS hit
      FROM engagement
      WHERE tenant = $3
      AND home = h.column1
      ORDER BY occurred_at DESC, id DESC
      LIMIT 10000) AS newest0
    UNION ALL
    SELECT newest1.*
    FROM (
      SELECT u1 AS column1
      FROM unnest($4::bigint[]) AS u(u1)) AS h
    CROSS
    JOIN LATERAL (
      SELECT id, occurred_at, 1 AS kind, (words @@ CAST($5 AS tsquery)) AS hit
      FROM page_view
      WHERE tenant = $6
      AND home = h.column1
      ORDER BY occurred_at DESC, id DESC
      LIMIT 10000) AS newest1) AS items
  ORDER BY occurred_at DESC, id DESC
  LIMIT 10000), near AS MATERIALIZED (
  SELECT id, occurred_at, kind
  FROM scanned
  WHERE hit
  LIMIT $7), rest AS MATERIALIZED (
  SELECT occurred_at, id
  FROM scanned
  WHERE (
    SELECT COUNT(*)
    FROM near) < $8
  AND (
    SELECT COUNT(*)
    FROM scanned) = 10000
  ORDER BY occurred_at ASC, id ASC
  LIMIT 1), page AS MATERIALIZED (
  SELECT id, kind
  FROM (
    SELECT id, occurred_at, kind
    FROM near
    UNION ALL
    SELECT id, occurred_at, kind
    FROM (
      SELECT id, occurred_at, 0 AS kind, words
      FROM engagement
      WHERE tenant = $9
      AND home = ANY ($10)
      AND (
        SELECT COUNT(*)
        FROM rest) > 0
      AND words @@ CAST($11 AS tsquery) OFFSET 0) AS indexed0
    WHERE (occurred_at, id) < (
      SELECT occurred_at, id
      FROM rest)
    UNION ALL
    SELECT id, occurred_at, kind
    FROM (
      SELECT id, occurred_at, 1 AS kind, words
      FROM page_view
      WHERE tenant = $12
      AND home = ANY ($13)
      AND (
        SELECT COUNT(*)
        FROM rest) > 0
      AND words @@ CAST($14 AS tsquery) OFFSET 0) AS indexed1
    WHERE (occurred_at, id) < (
      SELECT occurred_at, id
      FROM rest)) AS found
  ORDER BY occurred_at DESC, id DESC
  LIMIT $15)
SELECT COUNT(*)
FROM page;
