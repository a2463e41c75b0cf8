DELETE
FROM "idempotency"
WHERE "idempotency"."tenant" = $1
AND "idempotency"."subject" = $2
AND "idempotency"."key" = $3
AND "idempotency"."at" = $4;

INSERT INTO idempotency (tenant, subject, key, request_hash, status, body, at)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
FROM (
  SELECT $1::bigint AS column1, $2::text AS column2, $3::text AS column3, $4::text AS column4, $5::smallint AS column5, $6::text AS column6, $7::bigint AS column7) AS r
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
