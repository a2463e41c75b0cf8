WITH RECURSIVE scanned AS MATERIALIZED (
  SELECT *
  FROM (
    SELECT *
    FROM (
      SELECT id, occurred_at, 0 AS kind, words @@ CAST($1 AS tsquery) AS whole, words @@ CAST($2 AS tsquery) AS begun, (words IS NOT NULL) AS hit
      FROM engagement
      WHERE tenant = $3
      ORDER BY occurred_at DESC, id DESC
      LIMIT 4000) AS newest0
    UNION ALL
    SELECT *
    FROM (
      SELECT id, occurred_at, 1 AS kind, words @@ CAST($4 AS tsquery) AS whole, words @@ CAST($5 AS tsquery) AS begun, (words IS NOT NULL) AS hit
      FROM page_view
      WHERE tenant = $6
      ORDER BY occurred_at DESC, id DESC
      LIMIT 4000) AS newest1) AS items
  ORDER BY occurred_at DESC, id DESC
  LIMIT 4000), near AS MATERIALIZED (
  SELECT id, occurred_at, kind
  FROM scanned
  WHERE whole
  AND begun
  AND hit
  LIMIT $7), rest AS MATERIALIZED (
  SELECT occurred_at, id
  FROM scanned
  WHERE (
    SELECT COUNT(*)
    FROM near) < $8
  AND (
    SELECT COUNT(*)
    FROM scanned) = 4000
  ORDER BY occurred_at ASC, id ASC
  LIMIT 1), way AS MATERIALIZED (
  SELECT CASE WHEN whole <= begun * 7 THEN CAST($9 AS tsquery) ELSE CAST($10 AS tsquery) END AS stretch, CASE WHEN begun >= 10
  AND whole * 5 <= begun THEN CAST($11 AS tsquery) ELSE CAST($12 AS tsquery) END AS left_over, whole, begun
  FROM (
    SELECT COUNT(*) FILTER (
      WHERE whole) AS whole, COUNT(*) FILTER (
      WHERE begun) AS begun
    FROM scanned) AS sample), walk AS (
  SELECT 0 AS step, occurred_at >> 38 AS stretch, (
    SELECT COUNT(*)
    FROM near) AS hits, CAST(NULL AS BIGINT[]) AS times, CAST(NULL AS BIGINT[]) AS ids, CAST(NULL AS INT[]) AS kinds
  FROM rest
  UNION ALL
  SELECT walk.step + 1, GREATEST((
      SELECT occurred_at
      FROM engagement
      WHERE tenant = $13
      AND occurred_at < walk.stretch << 38
      ORDER BY occurred_at DESC, id DESC
      LIMIT 1), (
      SELECT occurred_at
      FROM page_view
      WHERE tenant = $14
      AND occurred_at < walk.stretch << 38
      ORDER BY occurred_at DESC, id DESC
      LIMIT 1)) >> 38, walk.hits + found.hits, found.times, found.ids, found.kinds
  FROM walk
  CROSS
  JOIN LATERAL (
    SELECT COUNT(*) AS hits, array_agg(occurred_at) AS times, array_agg(id) AS ids, array_agg(kind) AS kinds
    FROM (
      SELECT *
      FROM (
        SELECT id, occurred_at, kind
        FROM (
          SELECT id, occurred_at, 0 AS kind, words
          FROM engagement
          WHERE tenant = $15
          AND occurred_at >> 38 = walk.stretch
          AND words @@ (
            SELECT stretch
            FROM way) OFFSET 0) AS indexed0
        WHERE (occurred_at, id) < (
          SELECT occurred_at, id
          FROM rest)
        AND words @@ CAST($16 AS tsquery)
        UNION ALL
        SELECT id, occurred_at, kind
        FROM (
          SELECT id, occurred_at, 1 AS kind, words
          FROM page_view
          WHERE tenant = $17
          AND occurred_at >> 38 = walk.stretch
          AND words @@ (
            SELECT stretch
            FROM way) OFFSET 0) AS indexed1
        WHERE (occurred_at, id) < (
          SELECT occurred_at, id
          FROM rest)
        AND words @@ CAST($18 AS tsquery)) AS items
      ORDER BY occurred_at DESC, id DESC
      LIMIT $19) AS hits) AS found
  WHERE walk.stretch IS NOT NULL
  AND walk.hits < $20
  AND walk.step < 6), older AS MATERIALIZED (
  SELECT stretch
  FROM walk
  WHERE step = 6
  AND stretch IS NOT NULL
  AND hits < $21), page AS MATERIALIZED (
  SELECT id, kind
  FROM (
    SELECT id, occurred_at, kind
    FROM near
    UNION ALL
    SELECT found.id, found.at, found.kind
    FROM walk
    CROSS
    JOIN LATERAL unnest(walk.times, walk.ids, walk.kinds) AS found (at, id, kind)
    UNION ALL
    SELECT id, occurred_at, kind
    FROM (
      SELECT id, occurred_at, 0 AS kind, words
      FROM engagement
      WHERE +tenant = $22
      AND (
        SELECT COUNT(*)
        FROM older) > 0
      AND (
        SELECT COUNT(*)
        FROM (
          SELECT 1
          FROM tenant
          LIMIT 2) AS tenants) = 1
      AND words @@ (
        SELECT left_over
        FROM way) OFFSET 0) AS indexed0
    WHERE (occurred_at, id) < (
      SELECT occurred_at, id
      FROM rest)
    AND words @@ CAST($23 AS tsquery)
    AND occurred_at >> 38 <= (
      SELECT stretch
      FROM older)
    UNION ALL
    SELECT id, occurred_at, kind
    FROM (
      SELECT id, occurred_at, 0 AS kind, words
      FROM engagement
      WHERE tenant = $24
      AND (
        SELECT COUNT(*)
        FROM older) > 0
      AND (
        SELECT COUNT(*)
        FROM (
          SELECT 1
          FROM tenant
          LIMIT 2) AS tenants) > 1
      AND words @@ (
        SELECT left_over
        FROM way) OFFSET 0) AS indexed0
    WHERE (occurred_at, id) < (
      SELECT occurred_at, id
      FROM rest)
    AND words @@ CAST($25 AS tsquery)
    AND occurred_at >> 38 <= (
      SELECT stretch
      FROM older)
    UNION ALL
    SELECT id, occurred_at, kind
    FROM (
      SELECT id, occurred_at, 1 AS kind, words
      FROM page_view
      WHERE +tenant = $26
      AND (
        SELECT COUNT(*)
        FROM older) > 0
      AND (
        SELECT COUNT(*)
        FROM (
          SELECT 1
          FROM tenant
          LIMIT 2) AS tenants) = 1
      AND words @@ (
        SELECT left_over
        FROM way) OFFSET 0) AS indexed1
    WHERE (occurred_at, id) < (
      SELECT occurred_at, id
      FROM rest)
    AND words @@ CAST($27 AS tsquery)
    AND occurred_at >> 38 <= (
      SELECT stretch
      FROM older)
    UNION ALL
    SELECT id, occurred_at, kind
    FROM (
      SELECT id, occurred_at, 1 AS kind, words
      FROM page_view
      WHERE tenant = $28
      AND (
        SELECT COUNT(*)
        FROM older) > 0
      AND (
        SELECT COUNT(*)
        FROM (
          SELECT 1
          FROM tenant
          LIMIT 2) AS tenants) > 1
      AND words @@ (
        SELECT left_over
        FROM way) OFFSET 0) AS indexed1
    WHERE (occurred_at, id) < (
      SELECT occurred_at, id
      FROM rest)
    AND words @@ CAST($29 AS tsquery)
    AND occurred_at >> 38 <= (
      SELECT stretch
      FROM older)) AS found
  ORDER BY occurred_at DESC, id DESC
  LIMIT $30)
SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7, (
  SELECT COALESCE(h.merged_into, h.number)
  FROM customer_head h
  WHERE h.tenant = $31
  AND h.number = engagement.home)
FROM engagement
WHERE tenant = $32
AND id IN (
  SELECT id
  FROM page
  WHERE kind = 0)
UNION ALL
SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7, (
  SELECT COALESCE(h.merged_into, h.number)
  FROM customer_head h
  WHERE h.tenant = $33
  AND h.number = page_view.home)
FROM page_view
WHERE tenant = $34
AND id IN (
  SELECT id
  FROM page
  WHERE kind = 1);
