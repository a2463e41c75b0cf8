DELETE
FROM change
WHERE tenant = $1
AND (xid, seq) <= ($2, $3);

SELECT 1
FROM idempotency
WHERE at < $1
LIMIT 1;

SELECT id
FROM tenant
WHERE id = $1;

SELECT t.id
FROM tenant t
WHERE (
  SELECT c.at
  FROM change c
  WHERE c.tenant = t.id
  ORDER BY c.xid, c.seq
  LIMIT 1) < $1;

SELECT xid, seq, customer, position, at
FROM change
WHERE tenant = $1
AND TRUE
ORDER BY xid, seq
LIMIT $2;

UPDATE "tenant"
SET "floor_xid" = ?, "floor_seq" = ?
WHERE "tenant"."id" = ?;

UPDATE customer_head
SET floor = v.column2
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3
  FROM jsonb_each($1)) AS v
WHERE customer_head.tenant = v.column3
AND customer_head.number = v.column1
AND customer_head.floor < v.column2;
