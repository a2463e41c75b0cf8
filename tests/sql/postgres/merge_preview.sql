SELECT "contact"."tenant", "contact"."number", "contact"."home", "contact"."customer", "contact"."email", "contact"."phone_number", "contact"."linked_id", "contact"."link_precedence", "contact"."created_at", "contact"."updated_at", "contact"."deleted_at"
FROM "contact"
WHERE "contact"."tenant" = $1
AND "contact"."customer" = $2
AND "contact"."deleted_at" IS NULL
ORDER BY "contact"."number" ASC;

SELECT number, merged_into
FROM customer_head
WHERE tenant = $1
AND merged_into = ANY ($2);

SELECT number, merged_into
FROM customer_head
WHERE tenant = $1
AND number = ANY ($2);

SELECT s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END
FROM customer_head s
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
WHERE s.tenant = $1
AND s.number = $2;

WITH w0 AS (INSERT INTO merge_edge (tenant, id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::bigint AS column3, $4::bigint AS column4, $5::boolean AS column5, $6::smallint AS column6, $7::bigint AS column7, $8::bigint AS column8, $9::text AS column9, $10::text AS column10, $11::text AS column11, $12::bigint AS column12, $13::bigint AS column13, $14::text AS column14) AS r
  WHERE true), w1 AS (UPDATE contact
  SET customer = v.column2, linked_id = v.column2, link_precedence = 2, updated_at = v.column3
  FROM (
    SELECT $15::bigint AS column1, $16::bigint AS column2, $17::bigint AS column3, $18::bigint AS column4) AS v
  WHERE contact.tenant = v.column4
  AND contact.customer = v.column1), w2 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
  FROM (
    SELECT $19::bigint AS column1, $20::bigint AS column2, $21::bigint AS column3, $22::bigint AS column4, $23::bigint AS column5, $24::smallint AS column6, $25::smallint AS column7, $26::smallint AS column8, $27::bigint AS column9, $28::text AS column10, $29::text AS column11, $30::text AS column12, $31::smallint AS column13, $32::bigint AS column14, $33::bigint AS column15, $34::text AS column16, $35::text AS column17, array_to_tsvector(string_to_array($36::text, ' ')) AS column18) AS r
  WHERE true), w3 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($37::bigint[], $38::bigint[], $39::bigint[], $40::bigint[], $41::bigint[], $42::bigint[], $43::bigint[], $44::bigint[], $45::bigint[], $46::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w4 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $47
  AND ("newest_items"."customer" = ANY ($48))), w5 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $49
  AND ("person_card"."customer" = ANY ($50))), w6 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($51::bigint[], $52::bigint[], $53::bigint[], $54::smallint[], $55::bigint[], $56::smallint[], $57::bigint[], $58::bigint[], $59::text[], $60::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true)
SELECT 1;
