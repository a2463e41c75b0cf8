WITH RECURSIVE scanned AS MATERIALIZED (
  SELECT *
  FROM (
    SELECT *
    FROM (
      SELECT id, occurred_at, 0 AS kind, (words @@ CAST($1 AS tsquery)) AS hit
      FROM engagement
      WHERE tenant = $2
      ORDER BY occurred_at DESC, id DESC
      LIMIT 2000) AS newest0
    UNION ALL
    SELECT *
    FROM (
      SELECT id, occurred_at, 1 AS kind, (words @@ CAST($3 AS tsquery)) AS hit
      FROM page_view
      WHERE tenant = $4
      ORDER BY occurred_at DESC, id DESC
      LIMIT 2000) AS newest1) AS items
  ORDER BY occurred_at DESC, id DESC
  LIMIT 2000), near AS MATERIALIZED (
  SELECT id, occurred_at, kind
  FROM scanned
  WHERE hit
  LIMIT $5), rest AS MATERIALIZED (
  SELECT occurred_at, id
  FROM scanned
  WHERE (
    SELECT COUNT(*)
    FROM near) < $6
  AND (
    SELECT COUNT(*)
    FROM scanned) = 2000
  ORDER BY occurred_at ASC, id ASC
  LIMIT 1), walk AS (
  SELECT 1 AS width, (occurred_at >> 36) + 1 AS stretch, (
    SELECT COUNT(*)
    FROM near) AS hits, CAST(NULL AS BIGINT[]) AS times, CAST(NULL AS BIGINT[]) AS ids, CAST(NULL AS INT[]) AS kinds
  FROM rest
  UNION ALL
  SELECT LEAST(walk.width * 4, 64), next.stretch - (walk.width - 1), walk.hits + found.hits, found.times, found.ids, found.kinds
  FROM walk
  CROSS
  JOIN LATERAL (
    SELECT GREATEST((
        SELECT occurred_at
        FROM engagement
        WHERE tenant = $7
        AND occurred_at < walk.stretch << 36
        ORDER BY occurred_at DESC, id DESC
        LIMIT 1), (
        SELECT occurred_at
        FROM page_view
        WHERE tenant = $8
        AND occurred_at < walk.stretch << 36
        ORDER BY occurred_at DESC, id DESC
        LIMIT 1)) >> 36 AS stretch OFFSET 0) AS next
  CROSS
  JOIN LATERAL (
    SELECT CAST(string_agg('(' || replace($9, '~', $10 || to_hex(next.stretch - s) || '.') || ')', ' | ') AS TSQUERY) AS query
    FROM generate_series(0, walk.width - 1) AS s OFFSET 0) AS asked
  CROSS
  JOIN LATERAL (
    SELECT COUNT(*) AS hits, array_agg(occurred_at) AS times, array_agg(id) AS ids, array_agg(kind) AS kinds
    FROM (
      SELECT *
      FROM (
        SELECT id, occurred_at, kind
        FROM (
          SELECT tenant, home, id, occurred_at, 0 AS kind, words
          FROM engagement
          WHERE words IS NOT NULL
          AND CAST(replace(' ' || CAST(words AS TEXT), ' ''', ' ''' || to_hex(tenant) || '.' || to_hex(occurred_at >> 36) || '.') AS TSVECTOR) @@ asked.query OFFSET 0) AS indexed0
        WHERE tenant = $11
        AND (occurred_at, id) < (
          SELECT occurred_at, id
          FROM rest)
        AND words @@ CAST($12 AS tsquery)
        UNION ALL
        SELECT id, occurred_at, kind
        FROM (
          SELECT tenant, home, id, occurred_at, 1 AS kind, words
          FROM page_view
          WHERE words IS NOT NULL
          AND CAST(replace(' ' || CAST(words AS TEXT), ' ''', ' ''' || to_hex(tenant) || '.' || to_hex(occurred_at >> 36) || '.') AS TSVECTOR) @@ asked.query OFFSET 0) AS indexed1
        WHERE tenant = $13
        AND (occurred_at, id) < (
          SELECT occurred_at, id
          FROM rest)
        AND words @@ CAST($14 AS tsquery)) AS items
      ORDER BY occurred_at DESC, id DESC
      LIMIT $15) AS hits) AS found
  WHERE next.stretch IS NOT NULL
  AND walk.hits < $16), page AS MATERIALIZED (
  SELECT id, kind
  FROM (
    SELECT id, occurred_at, kind
    FROM near
    UNION ALL
    SELECT found.id, found.at, found.kind
    FROM walk
    CROSS
    JOIN LATERAL unnest(walk.times, walk.ids, walk.kinds) AS found (at, id, kind)) AS found
  ORDER BY occurred_at DESC, id DESC
  LIMIT $17)
SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7, (
  SELECT COALESCE(h.merged_into, h.number)
  FROM customer_head h
  WHERE h.tenant = $18
  AND h.number = engagement.home)
FROM engagement
WHERE tenant = $19
AND id IN (
  SELECT id
  FROM page
  WHERE kind = 0)
UNION ALL
SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7, (
  SELECT COALESCE(h.merged_into, h.number)
  FROM customer_head h
  WHERE h.tenant = $20
  AND h.number = page_view.home)
FROM page_view
WHERE tenant = $21
AND id IN (
  SELECT id
  FROM page
  WHERE kind = 1);
