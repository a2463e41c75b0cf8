SELECT "link_review"."tenant", "link_review"."id", "link_review"."state", "link_review"."rule", "link_review"."message", "link_review"."homes", "link_review"."identities", "link_review"."pair", "link_review"."source", "link_review"."actor", "link_review"."at", "link_review"."decided_at", "link_review"."decided_by"
FROM "link_review"
WHERE "link_review"."tenant" = $1
AND "link_review"."id" = $2
FOR UPDATE;

WITH w0 AS (INSERT INTO keep_apart (tenant, id, a, b, actor, at, lifted_at, lifted_by)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, '￿￾') AS column5, u6 AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, '￿￾') AS column8
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8)) AS r
  WHERE true), w1 AS (UPDATE "link_review"
  SET "state" = $9, "decided_at" = $10, "decided_by" = $11
  WHERE "link_review"."tenant" = $12
  AND "link_review"."id" = $13), w2 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, u7 AS column7, u8 AS column8
    FROM unnest($14::bigint[], $15::bigint[], $16::bigint[], $17::text[], $18::text[], $19::bigint[], $20::text[], $21::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8)) AS r
  WHERE true)
SELECT 1;
