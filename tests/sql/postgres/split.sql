DELETE
FROM name_word
WHERE tenant = $1
AND word = ANY ($2)
AND NOT EXISTS (
  SELECT 1
  FROM search_term o
  WHERE o.tenant = $3
  AND o.term = name_word.word
  AND o.field = 1
  AND NOT EXISTS (
    SELECT 1
    FROM (
      SELECT u1 AS column1, u2 AS column2
      FROM unnest($4::bigint[], $5::text[]) AS u(u1, u2)) AS g
    WHERE g.column1 = o.home
    AND g.column2 COLLATE "C" = o.term));

DELETE
FROM search_doc
WHERE tenant = $1
AND home = ANY ($2);

DELETE
FROM search_term
WHERE tenant = $1
AND home = ANY ($2);

SELECT "contact"."tenant", "contact"."number", "contact"."home", "contact"."customer", "contact"."email", "contact"."phone_number", "contact"."linked_id", "contact"."link_precedence", "contact"."created_at", "contact"."updated_at", "contact"."deleted_at"
FROM "contact"
WHERE "contact"."tenant" = $1
AND "contact"."customer" = $2
AND "contact"."deleted_at" IS NULL;

SELECT home, kind, record_type, COUNT(*), MAX(occurred_at), MAX(CASE WHEN direction = 1 THEN occurred_at END), MAX(CASE WHEN direction = 2 THEN occurred_at END)
FROM (
  SELECT home, kind, record_type, direction, occurred_at
  FROM engagement
  WHERE tenant = $1
  AND home = ANY ($2)
  AND kind <> 7
  AND identity = ANY ($3)
  UNION ALL
  SELECT home, CAST(4 AS SMALLINT), NULL, direction, occurred_at
  FROM page_view
  WHERE tenant = $4
  AND home = ANY ($5)
  AND identity = ANY ($6)) i
GROUP BY home, kind, record_type;

SELECT home, kind, record_type, COUNT(*), MAX(occurred_at), MAX(CASE WHEN direction = 1 THEN occurred_at END), MAX(CASE WHEN direction = 2 THEN occurred_at END)
FROM (
  SELECT home, kind, record_type, direction, occurred_at
  FROM engagement
  WHERE tenant = $1
  AND home = ANY ($2)
  UNION ALL
  SELECT home, CAST(4 AS SMALLINT), NULL, direction, occurred_at
  FROM page_view
  WHERE tenant = $3
  AND home = ANY ($4)) i
GROUP BY home, kind, record_type;

SELECT home, term
FROM search_term
WHERE tenant = $1
AND home = ANY ($2)
AND field = 1;

SELECT id
FROM identity
WHERE tenant = $1
AND id = ANY ($2)
ORDER BY namespace COLLATE "C", match_key
FOR UPDATE;

SELECT id, home, kind, namespace, match_key, value, raw_value
FROM identity
WHERE tenant = $1
AND home = ANY ($2)
ORDER BY id;

UPDATE comment
SET home = $1
WHERE tenant = $2
AND home = ANY ($3)
AND item IN (
  SELECT id
  FROM engagement
  WHERE tenant = $4
  AND home = $5
  UNION ALL
  SELECT id
  FROM page_view
  WHERE tenant = $6
  AND home = $7);

UPDATE engagement
SET home = $1
WHERE tenant = $2
AND home = ANY ($3)
AND kind <> 7
AND identity = ANY ($4);

UPDATE page_view
SET home = $1
WHERE tenant = $2
AND home = ANY ($3)
AND identity = ANY ($4);

WITH w0 AS (INSERT INTO customer (tenant, number, name, name_key, name_at, status, stage, tags, traits, trait_times, created_at, updated_at, own, called, stage_id)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::text AS column3, $4::text AS column4, $5::bigint AS column5, $6::smallint AS column6, $7::smallint AS column7, $8::text AS column8, $9::text AS column9, $10::text AS column10, $11::bigint AS column11, $12::bigint AS column12, $13::text AS column13, $14::text AS column14, $15::smallint AS column15) AS r
  WHERE true), w1 AS (INSERT INTO contact (tenant, number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at, deleted_at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
  FROM (
    SELECT $16::bigint AS column1, $17::bigint AS column2, $18::bigint AS column3, $19::bigint AS column4, $20::text AS column5, $21::text AS column6, $22::bigint AS column7, $23::smallint AS column8, $24::bigint AS column9, $25::bigint AS column10, $26::bigint AS column11) AS r
  WHERE true), w2 AS (UPDATE identity
  SET contact = v.column2, home = v.column3
  FROM (
    SELECT $27::bigint AS column1, $28::bigint AS column2, $29::bigint AS column3, $30::bigint AS column4) AS v
  WHERE identity.tenant = v.column4
  AND identity.id = v.column1)
SELECT 1;

WITH w0 AS (UPDATE contact
  SET email = v.column2, phone_number = v.column3, deleted_at = v.column4, updated_at = v.column5
  FROM (
    SELECT $1::bigint AS column1, $2::text AS column2, $3::text AS column3, $4::bigint AS column4, $5::bigint AS column5, $6::bigint AS column6) AS v
  WHERE contact.tenant = v.column6
  AND contact.number = v.column1), w1 AS (INSERT INTO link_evidence (tenant, a, b, rule, source, actor, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
  FROM (
    SELECT $7::bigint AS column1, $8::bigint AS column2, $9::bigint AS column3, $10::smallint AS column4, $11::text AS column5, $12::text AS column6, $13::bigint AS column7) AS r
  WHERE true
  ON CONFLICT (tenant, a, b) DO NOTHING), w2 AS (INSERT INTO keep_apart (tenant, id, a, b, actor, at, lifted_at, lifted_by)
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
  WHERE true), w5 AS (INSERT INTO customer_head (tenant, number, merged_into, position, shape, floor, list_seen, last_seen, last_inbound, last_outbound, counts)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
  FROM (
    SELECT $48::bigint AS column1, $49::bigint AS column2, $50::bigint AS column3, $51::bigint AS column4, $52::bigint AS column5, $53::bigint AS column6, $54::bigint AS column7, $55::bigint AS column8, $56::bigint AS column9, $57::bigint AS column10, $58::text AS column11) AS r
  WHERE true), w6 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($59::bigint[], $60::bigint[], $61::bigint[], $62::bigint[], $63::bigint[], $64::bigint[], $65::bigint[], $66::bigint[], $67::bigint[], $68::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w7 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $69
  AND ("newest_items"."customer" = ANY ($70))), w8 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $71
  AND ("person_card"."customer" = ANY ($72))), w9 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($73::bigint[], $74::bigint[], $75::bigint[], $76::smallint[], $77::bigint[], $78::smallint[], $79::bigint[], $80::bigint[], $81::text[], $82::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true), w10 AS (INSERT INTO name_word (tenant, word)
  SELECT v.column2, v.column1
  FROM (
    SELECT u1 AS column1, u2 AS column2
    FROM unnest($83::text[], $84::bigint[]) AS u(u1, u2)) AS v
  WHERE NOT EXISTS (
    SELECT 1
    FROM name_word w
    WHERE w.tenant = v.column2
    AND w.word = v.column1 COLLATE "C")), w11 AS (INSERT INTO search_term (tenant, home, term, field, person, age)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6
    FROM unnest($85::bigint[], $86::bigint[], $87::text[], $88::smallint[], $89::bigint[], $90::integer[]) AS u(u1, u2, u3, u4, u5, u6)) AS r
  WHERE true), w12 AS (INSERT INTO search_doc (tenant, home, words)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3
    FROM unnest($91::bigint[], $92::bigint[], $93::text[]) AS u(u1, u2, u3)) AS r
  WHERE true)
SELECT 1;
