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
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, u7 AS column7, u8 AS column8
    FROM unnest($5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8)) AS r
  WHERE true), w2 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6, u7 AS column7, NULLIF(u8, (-32768)::smallint) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10, NULLIF(u11, '￿￾') AS column11, NULLIF(u12, '￿￾') AS column12, NULLIF(u13, (-32768)::smallint) AS column13, u14 AS column14, NULLIF(u15, -9223372036854775808) AS column15, NULLIF(u16, '￿￾') AS column16, NULLIF(u17, '￿￾') AS column17, array_to_tsvector(string_to_array(NULLIF(u18, '￿￾'), ' ')) AS column18
    FROM unnest($13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::smallint[], $19::smallint[], $20::smallint[], $21::bigint[], $22::text[], $23::text[], $24::text[], $25::smallint[], $26::bigint[], $27::bigint[], $28::text[], $29::text[], $30::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17, u18)) AS r
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
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($43::bigint[], $44::bigint[], $45::bigint[], $46::smallint[], $47::bigint[], $48::smallint[], $49::bigint[], $50::bigint[], $51::text[], $52::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true)
SELECT 1;
