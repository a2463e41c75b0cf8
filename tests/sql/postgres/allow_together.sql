SELECT "keep_apart"."tenant", "keep_apart"."id", "keep_apart"."a", "keep_apart"."b", "keep_apart"."actor", "keep_apart"."at", "keep_apart"."lifted_at", "keep_apart"."lifted_by"
FROM "keep_apart"
WHERE "keep_apart"."tenant" = $1
AND "keep_apart"."id" = $2
FOR UPDATE;

WITH w0 AS (UPDATE "keep_apart"
  SET "lifted_at" = $1, "lifted_by" = $2
  WHERE "keep_apart"."tenant" = $3
  AND "keep_apart"."id" = $4), w1 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $5::bigint AS column1, $6::bigint AS column2, $7::bigint AS column3, $8::text AS column4, $9::text AS column5, $10::bigint AS column6, $11::text AS column7, $12::text AS column8) AS r
  WHERE true)
SELECT 1;
