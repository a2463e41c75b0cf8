SELECT "relay"."tenant", "relay"."xid", "relay"."seq"
FROM "relay"
WHERE "relay"."tenant" = ?;

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
