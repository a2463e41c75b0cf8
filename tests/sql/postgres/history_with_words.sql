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
      LIMIT 2000) AS newest0
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
      LIMIT 2000) AS newest1) AS items
  ORDER BY occurred_at DESC, id DESC
  LIMIT 2000), near AS MATERIALIZED (
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
        WHERE tenant = $9
        AND occurred_at < walk.stretch << 36
        ORDER BY occurred_at DESC, id DESC
        LIMIT 1), (
        SELECT occurred_at
        FROM page_view
        WHERE tenant = $10
        AND occurred_at < walk.stretch << 36
        ORDER BY occurred_at DESC, id DESC
        LIMIT 1)) >> 36 AS stretch OFFSET 0) AS next
  CROSS
  JOIN LATERAL (
    SELECT CAST(string_agg('(' || replace($11, '~', $12 || to_hex(next.stretch - s) || '.') || ')', ' | ') AS TSQUERY) AS query
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
        WHERE tenant = $13
        AND home = ANY ($14)
        AND (occurred_at, id) < (
          SELECT occurred_at, id
          FROM rest)
        UNION ALL
        SELECT id, occurred_at, kind
        FROM (
          SELECT tenant, home, id, occurred_at, 1 AS kind, words
          FROM page_view
          WHERE words IS NOT NULL
          AND CAST(replace(' ' || CAST(words AS TEXT), ' ''', ' ''' || to_hex(tenant) || '.' || to_hex(occurred_at >> 36) || '.') AS TSVECTOR) @@ asked.query OFFSET 0) AS indexed1
        WHERE tenant = $15
        AND home = ANY ($16)
        AND (occurred_at, id) < (
          SELECT occurred_at, id
          FROM rest)) AS items
      ORDER BY occurred_at DESC, id DESC
      LIMIT $17) AS hits) AS found
  WHERE next.stretch IS NOT NULL
  AND walk.hits < $18), page AS MATERIALIZED (
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
  LIMIT $19)
SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $20
    AND id IN (
      SELECT id
      FROM page
      WHERE kind = 0)
    UNION ALL
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
    FROM page_view
    WHERE tenant = $21
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
      LIMIT 2000) AS newest0
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
      LIMIT 2000) AS newest1) AS items
  ORDER BY occurred_at DESC, id DESC
  LIMIT 2000), near AS MATERIALIZED (
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
        WHERE tenant = $9
        AND occurred_at < walk.stretch << 36
        ORDER BY occurred_at DESC, id DESC
        LIMIT 1), (
        SELECT occurred_at
        FROM page_view
        WHERE tenant = $10
        AND occurred_at < walk.stretch << 36
        ORDER BY occurred_at DESC, id DESC
        LIMIT 1)) >> 36 AS stretch OFFSET 0) AS next
  CROSS
  JOIN LATERAL (
    SELECT CAST(string_agg('(' || replace($11, '~', $12 || to_hex(next.stretch - s) || '.') || ')', ' | ') AS TSQUERY) AS query
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
        WHERE tenant = $13
        AND home = ANY ($14)
        AND (occurred_at, id) < (
          SELECT occurred_at, id
          FROM rest)
        UNION ALL
        SELECT id, occurred_at, kind
        FROM (
          SELECT tenant, home, id, occurred_at, 1 AS kind, words
          FROM page_view
          WHERE words IS NOT NULL
          AND CAST(replace(' ' || CAST(words AS TEXT), ' ''', ' ''' || to_hex(tenant) || '.' || to_hex(occurred_at >> 36) || '.') AS TSVECTOR) @@ asked.query OFFSET 0) AS indexed1
        WHERE tenant = $15
        AND home = ANY ($16)
        AND (occurred_at, id) < (
          SELECT occurred_at, id
          FROM rest)) AS items
      ORDER BY occurred_at DESC, id DESC
      LIMIT $17) AS hits) AS found
  WHERE next.stretch IS NOT NULL
  AND walk.hits < $18), page AS MATERIALIZED (
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
  LIMIT $19)
SELECT COUNT(*)
FROM page;
