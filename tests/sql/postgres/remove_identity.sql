SELECT "removed_identity"."tenant", "removed_identity"."id", "removed_identity"."namespace", "removed_identity"."match_key", "removed_identity"."home", "removed_identity"."contact", "removed_identity"."kind", "removed_identity"."value", "removed_identity"."raw_value", "removed_identity"."verification", "removed_identity"."shared", "removed_identity"."source", "removed_identity"."actor", "removed_identity"."first_seen", "removed_identity"."last_seen", "removed_identity"."other_kinds", "removed_identity"."reread_in", "removed_identity"."removed_at", "removed_identity"."removed_by", "removed_identity"."rejected"
FROM "removed_identity"
WHERE "removed_identity"."tenant" = $1
AND ("removed_identity"."home" = ANY ($2))
ORDER BY "removed_identity"."id" DESC
LIMIT $3;

SELECT "removed_identity"."tenant", "removed_identity"."id", "removed_identity"."namespace", "removed_identity"."match_key", "removed_identity"."home", "removed_identity"."contact", "removed_identity"."kind", "removed_identity"."value", "removed_identity"."raw_value", "removed_identity"."verification", "removed_identity"."shared", "removed_identity"."source", "removed_identity"."actor", "removed_identity"."first_seen", "removed_identity"."last_seen", "removed_identity"."other_kinds", "removed_identity"."reread_in", "removed_identity"."removed_at", "removed_identity"."removed_by", "removed_identity"."rejected"
FROM "removed_identity"
WHERE "removed_identity"."tenant" = $1
AND ("removed_identity"."id" = ANY ($2));

WITH w0 AS (UPDATE contact
  SET email = v.column2, phone_number = v.column3, deleted_at = v.column4, updated_at = v.column5
  FROM (
    SELECT u1 AS column1, NULLIF(u2, '￿￾') AS column2, NULLIF(u3, '￿￾') AS column3, NULLIF(u4, -9223372036854775808) AS column4, u5 AS column5, u6 AS column6
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) AS u(u1, u2, u3, u4, u5, u6)) AS v
  WHERE contact.tenant = v.column6
  AND contact.number = v.column1), w1 AS (DELETE
  FROM "identity"
  WHERE "identity"."tenant" = $7
  AND "identity"."id" = $8), w2 AS (INSERT INTO removed_identity (tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in, removed_at, removed_by, rejected)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18, r.column19, r.column20
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6, u7 AS column7, u8 AS column8, u9 AS column9, u10 AS column10, u11 AS column11, u12 AS column12, NULLIF(u13, '￿￾') AS column13, u14 AS column14, u15 AS column15, u16 AS column16, NULLIF(u17, '￿￾') AS column17, u18 AS column18, u19 AS column19, u20 AS column20
    FROM unnest($9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::smallint[], $16::text[], $17::text[], $18::smallint[], $19::boolean[], $20::text[], $21::text[], $22::bigint[], $23::bigint[], $24::bigint[], $25::text[], $26::bigint[], $27::text[], $28::boolean[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17, u18, u19, u20)) AS r
  WHERE true), w3 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, u7 AS column7, u8 AS column8
    FROM unnest($29::bigint[], $30::bigint[], $31::bigint[], $32::text[], $33::text[], $34::bigint[], $35::text[], $36::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8)) AS r
  WHERE true), w4 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6, u7 AS column7, NULLIF(u8, (-32768)::smallint) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10, NULLIF(u11, '￿￾') AS column11, NULLIF(u12, '￿￾') AS column12, NULLIF(u13, (-32768)::smallint) AS column13, u14 AS column14, NULLIF(u15, -9223372036854775808) AS column15, NULLIF(u16, '￿￾') AS column16, NULLIF(u17, '￿￾') AS column17, array_to_tsvector(string_to_array(NULLIF(u18, '￿￾'), ' ')) AS column18
    FROM unnest($37::bigint[], $38::bigint[], $39::bigint[], $40::bigint[], $41::bigint[], $42::smallint[], $43::smallint[], $44::smallint[], $45::bigint[], $46::text[], $47::text[], $48::text[], $49::smallint[], $50::bigint[], $51::bigint[], $52::text[], $53::text[], $54::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17, u18)) AS r
  WHERE true), w5 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($55::bigint[], $56::bigint[], $57::bigint[], $58::bigint[], $59::bigint[], $60::bigint[], $61::bigint[], $62::bigint[], $63::bigint[], $64::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w6 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $65
  AND ("person_card"."customer" = ANY ($66))), w7 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($67::bigint[], $68::bigint[], $69::bigint[], $70::smallint[], $71::bigint[], $72::smallint[], $73::bigint[], $74::bigint[], $75::text[], $76::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true), w8 AS (DELETE
  FROM search_term
  WHERE tenant = $77
  AND (home, term, field) IN (
    SELECT column1, column2 COLLATE "C", column3
    FROM (
      SELECT u1 AS column1, u2 AS column2, u3 AS column3
      FROM unnest($78::bigint[], $79::text[], $80::smallint[]) AS u(u1, u2, u3)) AS gone))
SELECT 1;
