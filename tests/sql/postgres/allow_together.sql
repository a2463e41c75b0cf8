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
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, u7 AS column7, u8 AS column8
    FROM unnest($5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8)) AS r
  WHERE true)
SELECT 1;
