SELECT "removed_identity"."tenant", "removed_identity"."id", "removed_identity"."namespace", "removed_identity"."match_key", "removed_identity"."home", "removed_identity"."contact", "removed_identity"."kind", "removed_identity"."value", "removed_identity"."raw_value", "removed_identity"."verification", "removed_identity"."shared", "removed_identity"."source", "removed_identity"."actor", "removed_identity"."first_seen", "removed_identity"."last_seen", "removed_identity"."other_kinds", "removed_identity"."reread_in", "removed_identity"."removed_at", "removed_identity"."removed_by", "removed_identity"."rejected"
FROM "removed_identity"
WHERE "removed_identity"."tenant" = $1
AND "removed_identity"."id" = $2;

SELECT "removed_identity"."tenant", "removed_identity"."id", "removed_identity"."namespace", "removed_identity"."match_key", "removed_identity"."home", "removed_identity"."contact", "removed_identity"."kind", "removed_identity"."value", "removed_identity"."raw_value", "removed_identity"."verification", "removed_identity"."shared", "removed_identity"."source", "removed_identity"."actor", "removed_identity"."first_seen", "removed_identity"."last_seen", "removed_identity"."other_kinds", "removed_identity"."reread_in", "removed_identity"."removed_at", "removed_identity"."removed_by", "removed_identity"."rejected"
FROM "removed_identity"
WHERE "removed_identity"."tenant" = $1
AND "removed_identity"."id" = $2
FOR UPDATE;

WITH w0 AS (UPDATE "removed_identity"
  SET "rejected" = $1
  WHERE "removed_identity"."tenant" = $2
  AND "removed_identity"."id" = $3), w1 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $4::bigint AS column1, $5::bigint AS column2, $6::bigint AS column3, $7::text AS column4, $8::text AS column5, $9::bigint AS column6, $10::text AS column7, $11::text AS column8) AS r
  WHERE true), w2 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w3 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $22
  AND ("person_card"."customer" = ANY ($23))), w4 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $24::bigint AS column1, $25::bigint AS column2, $26::bigint AS column3, $27::smallint AS column4, $28::bigint AS column5, $29::smallint AS column6, $30::bigint AS column7, $31::bigint AS column8, $32::text AS column9, $33::bigint AS column10) AS r
  WHERE true)
SELECT 1;
