SELECT "tenant"."floor_xid", "tenant"."floor_seq"
FROM "tenant"
WHERE "tenant"."id" = ?;

SELECT ('[' || (
    SELECT group_concat(json_array(kind, id, home, occurred_at, 0, channel, direction, NULL, '', NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL))
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $1
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
      FROM page_view
      WHERE tenant = $2
      ORDER BY occurred_at DESC, id DESC
      LIMIT $3)) || ']');

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
AND TRUE
ORDER BY c.xid DESC, c.seq DESC
LIMIT 1;
