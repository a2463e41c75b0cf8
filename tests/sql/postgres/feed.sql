SELECT "tenant"."floor_xid", "tenant"."floor_seq"
FROM "tenant"
WHERE "tenant"."id" = $1;

SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT *
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $1
      ORDER BY occurred_at DESC, id DESC
      LIMIT $2) AS e
    UNION ALL
    SELECT *
    FROM (
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
      FROM page_view
      WHERE tenant = $3
      ORDER BY occurred_at DESC, id DESC
      LIMIT $4) AS v
    ORDER BY occurred_at DESC, id DESC
    LIMIT $5) AS line);

SELECT COUNT(*)
FROM (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $1
    ORDER BY occurred_at DESC, id DESC
    LIMIT $2) AS e
  UNION ALL
  SELECT *
  FROM (
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
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
