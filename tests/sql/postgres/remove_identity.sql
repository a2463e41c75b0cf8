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
    SELECT $1::bigint AS column1, $2::text AS column2, $3::text AS column3, $4::bigint AS column4, $5::bigint AS column5, $6::bigint AS column6) AS v
  WHERE contact.tenant = v.column6
  AND contact.number = v.column1), w1 AS (DELETE
  FROM "identity"
  WHERE "identity"."tenant" = $7
  AND "identity"."id" = $8), w2 AS (INSERT INTO removed_identity (tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in, removed_at, removed_by, rejected)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18, r.column19, r.column20
  FROM (
    SELECT $9::bigint AS column1, $10::bigint AS column2, $11::text AS column3, $12::text AS column4, $13::bigint AS column5, $14::bigint AS column6, $15::smallint AS column7, $16::text AS column8, $17::text AS column9, $18::smallint AS column10, $19::boolean AS column11, $20::text AS column12, $21::text AS column13, $22::bigint AS column14, $23::bigint AS column15, $24::bigint AS column16, $25::text AS column17, $26::bigint AS column18, $27::text AS column19, $28::boolean AS column20) AS r
  WHERE true), w3 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $29::bigint AS column1, $30::bigint AS column2, $31::bigint AS column3, $32::text AS column4, $33::text AS column5, $34::bigint AS column6, $35::text AS column7, $36::text AS column8) AS r
  WHERE true), w4 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
  FROM (
    SELECT $37::bigint AS column1, $38::bigint AS column2, $39::bigint AS column3, $40::bigint AS column4, $41::bigint AS column5, $42::smallint AS column6, $43::smallint AS column7, $44::smallint AS column8, $45::bigint AS column9, $46::text AS column10, $47::text AS column11, $48::text AS column12, $49::smallint AS column13, $50::bigint AS column14, $51::bigint AS column15, $52::text AS column16, $53::text AS column17, array_to_tsvector(string_to_array($54::text, ' ')) AS column18) AS r
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
    SELECT $67::bigint AS column1, $68::bigint AS column2, $69::bigint AS column3, $70::smallint AS column4, $71::bigint AS column5, $72::smallint AS column6, $73::bigint AS column7, $74::bigint AS column8, $75::text AS column9, $76::bigint AS column10) AS r
  WHERE true), w8 AS (DELETE
  FROM search_term
  WHERE tenant = $77
  AND (home, term, field) IN (
    SELECT column1, column2 COLLATE "C", column3
    FROM (
      SELECT u1 AS column1, u2 AS column2, u3 AS column3
      FROM unnest($78::bigint[], $79::text[], $80::smallint[]) AS u(u1, u2, u3)) AS gone))
SELECT 1;
