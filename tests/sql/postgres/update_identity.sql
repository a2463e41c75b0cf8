SELECT "identity"."tenant", "identity"."id", "identity"."namespace", "identity"."match_key", "identity"."home", "identity"."contact", "identity"."kind", "identity"."value", "identity"."raw_value", "identity"."verification", "identity"."shared", "identity"."source", "identity"."actor", "identity"."first_seen", "identity"."last_seen", "identity"."other_kinds", "identity"."reread_in"
FROM "identity"
WHERE "identity"."tenant" = $1
AND "identity"."id" = $2;

WITH w0 AS (UPDATE "identity"
  SET "shared" = $1, "verification" = $2
  WHERE "identity"."tenant" = $3
  AND "identity"."id" = $4), w1 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $5::bigint AS column1, $6::bigint AS column2, $7::bigint AS column3, $8::text AS column4, $9::text AS column5, $10::bigint AS column6, $11::text AS column7, $12::text AS column8) AS r
  WHERE true), w2 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
  FROM (
    SELECT $13::bigint AS column1, $14::bigint AS column2, $15::bigint AS column3, $16::bigint AS column4, $17::bigint AS column5, $18::smallint AS column6, $19::smallint AS column7, $20::smallint AS column8, $21::bigint AS column9, $22::text AS column10, $23::text AS column11, $24::text AS column12, $25::smallint AS column13, $26::bigint AS column14, $27::bigint AS column15, $28::text AS column16, $29::text AS column17, array_to_tsvector(string_to_array($30::text, ' ')) AS column18) AS r
  WHERE true), w3 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($31::bigint[], $32::bigint[], $33::bigint[], $34::bigint[], $35::bigint[], $36::bigint[], $37::bigint[], $38::bigint[], $39::bigint[], $40::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w4 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $41
  AND ("person_card"."customer" = ANY ($42))), w5 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $43::bigint AS column1, $44::bigint AS column2, $45::bigint AS column3, $46::smallint AS column4, $47::bigint AS column5, $48::smallint AS column6, $49::bigint AS column7, $50::bigint AS column8, $51::text AS column9, $52::bigint AS column10) AS r
  WHERE true)
SELECT 1;
