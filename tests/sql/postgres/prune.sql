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
WHERE id = $1
FOR UPDATE SKIP LOCKED;

SELECT number
FROM customer_head
WHERE tenant = $1
AND number = ANY ($2)
ORDER BY number
FOR UPDATE;

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
AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY xid, seq
LIMIT $2;

UPDATE "tenant"
SET "floor_xid" = $1, "floor_seq" = $2
WHERE "tenant"."id" = $3;

UPDATE customer_head
SET floor = v.column2
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u(u1, u2, u3)) AS v
WHERE customer_head.tenant = v.column3
AND customer_head.number = v.column1
AND customer_head.floor < v.column2;
