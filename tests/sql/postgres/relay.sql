SELECT "relay"."tenant", "relay"."xid", "relay"."seq"
FROM "relay"
WHERE "relay"."tenant" = $1;

SELECT pg_snapshot_xmax(s)::text::bigint - pg_snapshot_xmin(s)::text::bigint
FROM pg_current_snapshot() AS s;

SELECT t.id, t.name, (
  SELECT c.xid
  FROM change c
  WHERE c.tenant = t.id
  ORDER BY c.xid DESC, c.seq DESC
  LIMIT 1), (
  SELECT c.seq
  FROM change c
  WHERE c.tenant = t.id
  ORDER BY c.xid DESC, c.seq DESC
  LIMIT 1)
FROM tenant t
ORDER BY t.id;
