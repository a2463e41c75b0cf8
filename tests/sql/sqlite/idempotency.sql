DELETE
FROM "idempotency"
WHERE "idempotency"."tenant" = ?
AND "idempotency"."subject" = ?
AND "idempotency"."key" = ?
AND "idempotency"."at" = ?;

INSERT INTO idempotency (tenant, subject, key, request_hash, status, body, at)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT (tenant, subject, key)
DO NOTHING;

SELECT "idempotency"."tenant", "idempotency"."subject", "idempotency"."key", "idempotency"."request_hash", "idempotency"."status", "idempotency"."body", "idempotency"."at"
FROM "idempotency"
WHERE "idempotency"."tenant" = ?
AND "idempotency"."subject" = ?
AND "idempotency"."key" = ?;

UPDATE "idempotency"
SET "status" = ?, "body" = ?
WHERE "idempotency"."tenant" = ?
AND "idempotency"."subject" = ?
AND "idempotency"."key" = ?
AND "idempotency"."at" = ?;
