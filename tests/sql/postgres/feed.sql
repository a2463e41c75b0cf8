SELECT "tenant"."floor_xid", "tenant"."floor_seq"
FROM "tenant"
WHERE "tenant"."id" = $1;

SELECT *
FROM (
  SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6
  FROM engagement
  WHERE tenant = $1
  ORDER BY occurred_at DESC, id DESC
  LIMIT $2) AS e
UNION ALL
SELECT *
FROM (
  SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
  FROM page_view
  WHERE tenant = $3
  ORDER BY occurred_at DESC, id DESC
  LIMIT $4) AS v
ORDER BY occurred_at DESC, id DESC
LIMIT $5;

SELECT COUNT(*)
FROM (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6
    FROM engagement
    WHERE tenant = $1
    ORDER BY occurred_at DESC, id DESC
    LIMIT $2) AS e
  UNION ALL
  SELECT *
  FROM (
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6
    FROM page_view
    WHERE tenant = $3
    ORDER BY occurred_at DESC, id DESC
    LIMIT $4) AS v) AS counted;

SELECT c.xid, c.seq
FROM change c
WHERE c.tenant = $1
AND c.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY c.xid DESC, c.seq DESC
LIMIT 1;
