SELECT "tenant"."id", "tenant"."name", "tenant"."settings", "tenant"."settings_version", "tenant"."floor_xid", "tenant"."floor_seq", "tenant"."created_at", "tenant"."rereading"
FROM "tenant"
WHERE "tenant"."id" = $1
FOR UPDATE;

SELECT (
  SELECT COUNT(*)
  FROM identity
  WHERE tenant = $1
  AND namespace = $2
  AND match_key >= '0'
  AND match_key < ':') + (
  SELECT COUNT(*)
  FROM identity
  WHERE tenant = $3
  AND reread_in IS NOT NULL);

WITH w0 AS (UPDATE "tenant"
  SET "settings" = $1, "settings_version" = $2, "rereading" = $3
  WHERE "tenant"."id" = $4), w1 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $5::bigint AS column1, $6::bigint AS column2, $7::bigint AS column3, $8::text AS column4, $9::text AS column5, $10::bigint AS column6, $11::text AS column7, $12::text AS column8) AS r
  WHERE true)
SELECT 1;
