SELECT "keep_apart"."tenant", "keep_apart"."id", "keep_apart"."a", "keep_apart"."b", "keep_apart"."actor", "keep_apart"."at", "keep_apart"."lifted_at", "keep_apart"."lifted_by"
FROM "keep_apart"
WHERE "keep_apart"."tenant" = $1
AND "keep_apart"."lifted_at" IS NULL
AND ("keep_apart"."id" = ANY ($2));

SELECT "merge_edge"."tenant", "merge_edge"."id", "merge_edge"."a", "merge_edge"."b", "merge_edge"."active", "merge_edge"."rule", "merge_edge"."from_identity", "merge_edge"."to_identity", "merge_edge"."source", "merge_edge"."actor", "merge_edge"."reason", "merge_edge"."at", "merge_edge"."undone_at", "merge_edge"."undone_by"
FROM "merge_edge"
WHERE "merge_edge"."tenant" = $1
AND "merge_edge"."active" = $2
AND ("merge_edge"."a" = ANY ($3));

SELECT "merge_edge"."tenant", "merge_edge"."id", "merge_edge"."a", "merge_edge"."b", "merge_edge"."active", "merge_edge"."rule", "merge_edge"."from_identity", "merge_edge"."to_identity", "merge_edge"."source", "merge_edge"."actor", "merge_edge"."reason", "merge_edge"."at", "merge_edge"."undone_at", "merge_edge"."undone_by"
FROM "merge_edge"
WHERE "merge_edge"."tenant" = $1
AND "merge_edge"."id" = $2;

WITH w0 AS (UPDATE "merge_edge"
  SET "active" = $1, "undone_at" = $2, "undone_by" = $3
  WHERE "merge_edge"."tenant" = $4
  AND "merge_edge"."id" = $5), w1 AS (UPDATE contact
  SET customer = $6, linked_id = CASE WHEN number = $7 THEN NULL ELSE $8 END, link_precedence = CASE WHEN number = $9 THEN 1 ELSE 2 END, updated_at = $10
  WHERE tenant = $11
  AND customer = $12
  AND home = ANY ($13)), w2 AS (INSERT INTO keep_apart (tenant, id, a, b, actor, at, lifted_at, lifted_by)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $14::bigint AS column1, $15::bigint AS column2, $16::bigint AS column3, $17::bigint AS column4, $18::text AS column5, $19::bigint AS column6, $20::bigint AS column7, $21::text AS column8) AS r
  WHERE true), w3 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $22::bigint AS column1, $23::bigint AS column2, $24::bigint AS column3, $25::text AS column4, $26::text AS column5, $27::bigint AS column6, $28::text AS column7, $29::text AS column8) AS r
  WHERE true), w4 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6, u7 AS column7, NULLIF(u8, (-32768)::smallint) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10, NULLIF(u11, '￿￾') AS column11, NULLIF(u12, '￿￾') AS column12, NULLIF(u13, (-32768)::smallint) AS column13, u14 AS column14, NULLIF(u15, -9223372036854775808) AS column15, NULLIF(u16, '￿￾') AS column16, NULLIF(u17, '￿￾') AS column17, array_to_tsvector(string_to_array(NULLIF(u18, '￿￾'), ' ')) AS column18
    FROM unnest($30::bigint[], $31::bigint[], $32::bigint[], $33::bigint[], $34::bigint[], $35::smallint[], $36::smallint[], $37::smallint[], $38::bigint[], $39::text[], $40::text[], $41::text[], $42::smallint[], $43::bigint[], $44::bigint[], $45::text[], $46::text[], $47::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17, u18)) AS r
  WHERE true), w5 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($48::bigint[], $49::bigint[], $50::bigint[], $51::bigint[], $52::bigint[], $53::bigint[], $54::bigint[], $55::bigint[], $56::bigint[], $57::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w6 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $58
  AND ("newest_items"."customer" = ANY ($59))), w7 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $60
  AND ("person_card"."customer" = ANY ($61))), w8 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($62::bigint[], $63::bigint[], $64::bigint[], $65::smallint[], $66::bigint[], $67::smallint[], $68::bigint[], $69::bigint[], $70::text[], $71::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true)
SELECT 1;
