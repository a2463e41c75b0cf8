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
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, u7 AS column7, u8 AS column8
    FROM unnest($5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8)) AS r
  WHERE true)
SELECT 1;
