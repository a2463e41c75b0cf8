DELETE
FROM "idempotency"
WHERE "idempotency"."tenant" = $1
AND "idempotency"."subject" = $2
AND "idempotency"."key" = $3
AND "idempotency"."at" = $4;

INSERT INTO idempotency (tenant, subject, key, request_hash, status, body, at)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, '￿￾') AS column6, u7 AS column7
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7)) AS r
WHERE true
ON CONFLICT (tenant, subject, key)
DO NOTHING;

SELECT "idempotency"."tenant", "idempotency"."subject", "idempotency"."key", "idempotency"."request_hash", "idempotency"."status", "idempotency"."body", "idempotency"."at"
FROM "idempotency"
WHERE "idempotency"."tenant" = $1
AND "idempotency"."subject" = $2
AND "idempotency"."key" = $3;

UPDATE "idempotency"
SET "status" = $1, "body" = $2
WHERE "idempotency"."tenant" = $3
AND "idempotency"."subject" = $4
AND "idempotency"."key" = $5
AND "idempotency"."at" = $6;
