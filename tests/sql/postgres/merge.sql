SELECT "merge_edge"."tenant", "merge_edge"."id", "merge_edge"."a", "merge_edge"."b", "merge_edge"."active", "merge_edge"."rule", "merge_edge"."from_identity", "merge_edge"."to_identity", "merge_edge"."source", "merge_edge"."actor", "merge_edge"."reason", "merge_edge"."at", "merge_edge"."undone_at", "merge_edge"."undone_by"
FROM "merge_edge"
WHERE "merge_edge"."tenant" = $1
AND ("merge_edge"."id" = ANY ($2));

WITH w0 AS (INSERT INTO merge_edge (tenant, id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::bigint AS column3, $4::bigint AS column4, $5::boolean AS column5, $6::smallint AS column6, $7::bigint AS column7, $8::bigint AS column8, $9::text AS column9, $10::text AS column10, $11::text AS column11, $12::bigint AS column12, $13::bigint AS column13, $14::text AS column14) AS r
  WHERE true), w1 AS (UPDATE contact
  SET customer = v.column2, linked_id = v.column2, link_precedence = 2, updated_at = v.column3
  FROM (
    SELECT $15::bigint AS column1, $16::bigint AS column2, $17::bigint AS column3, $18::bigint AS column4) AS v
  WHERE contact.tenant = v.column4
  AND contact.customer = v.column1), w2 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $19::bigint AS column1, $20::bigint AS column2, $21::bigint AS column3, $22::text AS column4, $23::text AS column5, $24::bigint AS column6, $25::text AS column7, $26::text AS column8) AS r
  WHERE true), w3 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
  FROM (
    SELECT $27::bigint AS column1, $28::bigint AS column2, $29::bigint AS column3, $30::bigint AS column4, $31::bigint AS column5, $32::smallint AS column6, $33::smallint AS column7, $34::smallint AS column8, $35::bigint AS column9, $36::text AS column10, $37::text AS column11, $38::text AS column12, $39::smallint AS column13, $40::bigint AS column14, $41::bigint AS column15, $42::text AS column16, $43::text AS column17, array_to_tsvector(string_to_array($44::text, ' ')) AS column18) AS r
  WHERE true), w4 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($45::bigint[], $46::bigint[], $47::bigint[], $48::bigint[], $49::bigint[], $50::bigint[], $51::bigint[], $52::bigint[], $53::bigint[], $54::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w5 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $55
  AND ("newest_items"."customer" = ANY ($56))), w6 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $57
  AND ("person_card"."customer" = ANY ($58))), w7 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($59::bigint[], $60::bigint[], $61::bigint[], $62::smallint[], $63::bigint[], $64::smallint[], $65::bigint[], $66::bigint[], $67::text[], $68::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true)
SELECT 1;
