SELECT "comment"."tenant", "comment"."id", "comment"."item", "comment"."home", "comment"."text", "comment"."author", "comment"."created_at", "comment"."edited_at", "comment"."edited_by"
FROM "comment"
WHERE "comment"."tenant" = $1
AND "comment"."id" = $2;

WITH w0 AS (UPDATE "comment"
  SET "text" = $1, "edited_at" = $2, "edited_by" = $3
  WHERE "comment"."tenant" = $4
  AND "comment"."id" = $5), w1 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $6::bigint AS column1, $7::bigint AS column2, $8::bigint AS column3, $9::text AS column4, $10::text AS column5, $11::bigint AS column6, $12::text AS column7, $13::text AS column8) AS r
  WHERE true), w2 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w3 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $24
  AND ("newest_items"."customer" = ANY ($25))), w4 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $26::bigint AS column1, $27::bigint AS column2, $28::bigint AS column3, $29::smallint AS column4, $30::bigint AS column5, $31::smallint AS column6, $32::bigint AS column7, $33::bigint AS column8, $34::text AS column9, $35::bigint AS column10) AS r
  WHERE true)
SELECT 1;
