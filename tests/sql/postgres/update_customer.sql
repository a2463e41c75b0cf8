SELECT "customer"."tenant", "customer"."number", "customer"."name", "customer"."name_key", "customer"."name_at", "customer"."status", "customer"."stage", "customer"."tags", "customer"."traits", "customer"."trait_times", "customer"."created_at", "customer"."updated_at", "customer"."own", "customer"."called"
FROM "customer"
WHERE "customer"."tenant" = $1
AND "customer"."number" = $2;

SELECT number
FROM customer_head
WHERE tenant = $1
AND merged_into = $2;

WITH w0 AS (UPDATE "customer"
  SET "name" = $1, "name_key" = $2, "name_at" = $3, "status" = $4, "stage" = $5, "tags" = $6, "traits" = $7, "trait_times" = $8, "updated_at" = $9, "own" = $10, "called" = $11
  WHERE "customer"."tenant" = $12
  AND "customer"."number" = $13), w1 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, u7 AS column7, u8 AS column8
    FROM unnest($14::bigint[], $15::bigint[], $16::bigint[], $17::text[], $18::text[], $19::bigint[], $20::text[], $21::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8)) AS r
  WHERE true), w2 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[], $31::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w3 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($32::bigint[], $33::bigint[], $34::bigint[], $35::smallint[], $36::bigint[], $37::smallint[], $38::bigint[], $39::bigint[], $40::text[], $41::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true), w4 AS (INSERT INTO search_term (tenant, term, field, home)
  SELECT r.column1, r.column2, r.column3, r.column4
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4
    FROM unnest($42::bigint[], $43::text[], $44::smallint[], $45::bigint[]) AS u(u1, u2, u3, u4)) AS r
  WHERE true
  ON CONFLICT DO NOTHING), w5 AS (INSERT INTO search_doc (tenant, home, words)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3
    FROM unnest($46::bigint[], $47::bigint[], $48::text[]) AS u(u1, u2, u3)) AS r
  WHERE true
  ON CONFLICT (tenant, home)
  DO UPDATE
  SET words = search_doc.words || excluded.words)
SELECT 1;
