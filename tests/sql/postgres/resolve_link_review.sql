SELECT "link_review"."tenant", "link_review"."id", "link_review"."state", "link_review"."rule", "link_review"."message", "link_review"."homes", "link_review"."identities", "link_review"."pair", "link_review"."source", "link_review"."actor", "link_review"."at", "link_review"."decided_at", "link_review"."decided_by"
FROM "link_review"
WHERE "link_review"."tenant" = $1
AND "link_review"."id" = $2
FOR UPDATE;

WITH w0 AS (INSERT INTO keep_apart (tenant, id, a, b, actor, at, lifted_at, lifted_by)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::bigint AS column3, $4::bigint AS column4, $5::text AS column5, $6::bigint AS column6, $7::bigint AS column7, $8::text AS column8) AS r
  WHERE true), w1 AS (UPDATE "link_review"
  SET "state" = $9, "decided_at" = $10, "decided_by" = $11
  WHERE "link_review"."tenant" = $12
  AND "link_review"."id" = $13), w2 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $14::bigint AS column1, $15::bigint AS column2, $16::bigint AS column3, $17::text AS column4, $18::text AS column5, $19::bigint AS column6, $20::text AS column7, $21::text AS column8) AS r
  WHERE true)
SELECT 1;
