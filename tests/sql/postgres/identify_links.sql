INSERT INTO identity (tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6, u7 AS column7, u8 AS column8, u9 AS column9, u10 AS column10, u11 AS column11, u12 AS column12, NULLIF(u13, '￿￾') AS column13, u14 AS column14, u15 AS column15, u16 AS column16, NULLIF(u17, '￿￾') AS column17
  FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::smallint[], $8::text[], $9::text[], $10::smallint[], $11::boolean[], $12::text[], $13::text[], $14::bigint[], $15::bigint[], $16::bigint[], $17::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17)) AS r
WHERE true
ON CONFLICT (tenant, namespace, match_key)
DO UPDATE
SET match_key = excluded.match_key
RETURNING id;

SELECT 1
FROM name_word
WHERE tenant = $1
AND word = ANY ($2)
ORDER BY word
FOR UPDATE;

SELECT COALESCE(h.merged_into, h.number), h.number, i.kind, COUNT(i.id), (
  SELECT COUNT(*)
  FROM contact c
  WHERE c.tenant = $1
  AND c.home = h.number
  AND c.customer = COALESCE(h.merged_into, h.number)
  AND c.deleted_at IS NULL), NULL, NULL, NULL
FROM (
  SELECT tenant, number, merged_into
  FROM customer_head
  WHERE tenant = $2
  AND number = ANY ($3)
  UNION
  SELECT tenant, number, merged_into
  FROM customer_head
  WHERE tenant = $4
  AND merged_into = ANY ($5)) AS h
LEFT
JOIN identity i ON i.tenant = h.tenant
AND i.home = h.number
GROUP BY h.number, h.merged_into, i.kind
UNION ALL
SELECT COALESCE(h.merged_into, h.number), h.number, NULL, NULL, NULL, r.namespace, r.match_key, i.home
FROM (
  SELECT tenant, number, merged_into
  FROM customer_head
  WHERE tenant = $6
  AND number = ANY ($7)
  UNION
  SELECT tenant, number, merged_into
  FROM customer_head
  WHERE tenant = $8
  AND merged_into = ANY ($9)) AS h
JOIN removed_identity r ON r.tenant = h.tenant
AND r.home = h.number
AND r.rejected
LEFT
JOIN identity i ON i.tenant = r.tenant
AND i.namespace = r.namespace
AND i.match_key = r.match_key;

SELECT customer, number, email, phone_number
FROM contact
WHERE tenant = $1
AND customer = $2
AND deleted_at IS NULL
ORDER BY number;

SELECT number, merged_into, position, shape, list_seen, last_seen, last_inbound, last_outbound, counts
FROM customer_head
WHERE tenant = $1
AND number = ANY ($2)
ORDER BY number
FOR UPDATE;

WITH i AS MATERIALIZED (
  SELECT CAST(0 AS BIGINT) AS n, y.id, y.home, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
  FROM identity y
  WHERE y.tenant = $1
  AND y.namespace = $2
  AND y.match_key = $3
  UNION ALL
  SELECT CAST(1 AS BIGINT) AS n, y.id, y.home, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
  FROM identity y
  WHERE y.tenant = $4
  AND y.namespace = $5
  AND y.match_key = $6)
SELECT i.n, i.id, i.home, i.contact, i.kind, i.verification, i.shared, i.last_seen, h.merged_into, h.shape, EXISTS (
  SELECT 1
  FROM link_evidence e
  WHERE e.tenant = $7
  AND e.b = i.id
  AND e.a = (
    SELECT MIN(o.id)
    FROM i o
    WHERE NOT o.shared)) AS paired, CAST(NULL AS TEXT) AS contacts, i.other_kinds
FROM i
LEFT
JOIN customer_head h ON h.tenant = $8
AND h.number = i.home
WHERE i.id IS NOT NULL
UNION ALL
SELECT g.column1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM (
  SELECT u1 AS column1, u2 AS column2
  FROM unnest($9::bigint[], $10::text[]) AS u(u1, u2)) AS g
WHERE EXISTS (
  SELECT 1
  FROM erased_key x
  WHERE x.tenant = $11
  AND x.hash = g.column2);

WITH w0 AS (UPDATE customer
  SET name = v.column2, name_key = v.column3, name_at = v.column4, status = v.column5, stage = v.column6, tags = v.column7, traits = v.column8, trait_times = v.column9, updated_at = v.column10, own = v.column11, called = v.column12, stage_id = v.column13
  FROM (
    SELECT $1::bigint AS column1, $2::text AS column2, $3::text AS column3, $4::bigint AS column4, $5::smallint AS column5, $6::smallint AS column6, $7::text AS column7, $8::text AS column8, $9::text AS column9, $10::bigint AS column10, $11::text AS column11, $12::text AS column12, $13::smallint AS column13, $14::bigint AS column14) AS v
  WHERE customer.tenant = v.column14
  AND customer.number = v.column1), w1 AS (INSERT INTO contact (tenant, number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at, deleted_at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
  FROM (
    SELECT $15::bigint AS column1, $16::bigint AS column2, $17::bigint AS column3, $18::bigint AS column4, $19::text AS column5, $20::text AS column6, $21::bigint AS column7, $22::smallint AS column8, $23::bigint AS column9, $24::bigint AS column10, $25::bigint AS column11) AS r
  WHERE true), w2 AS (INSERT INTO link_evidence (tenant, a, b, rule, source, actor, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
  FROM (
    SELECT $26::bigint AS column1, $27::bigint AS column2, $28::bigint AS column3, $29::smallint AS column4, $30::text AS column5, $31::text AS column6, $32::bigint AS column7) AS r
  WHERE true
  ON CONFLICT (tenant, a, b) DO NOTHING), w3 AS (UPDATE identity
  SET home = v.column2, contact = v.column3
  FROM (
    SELECT $33::bigint AS column1, $34::bigint AS column2, $35::bigint AS column3, $36::bigint AS column4) AS v
  WHERE identity.tenant = v.column4
  AND identity.id = v.column1), w4 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
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
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($67::bigint[], $68::bigint[], $69::bigint[], $70::smallint[], $71::bigint[], $72::smallint[], $73::bigint[], $74::bigint[], $75::text[], $76::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true), w8 AS (INSERT INTO name_word (tenant, word)
  SELECT v.column2, v.column1
  FROM (
    SELECT u1 AS column1, u2 AS column2
    FROM unnest($77::text[], $78::bigint[]) AS u(u1, u2)) AS v
  WHERE NOT EXISTS (
    SELECT 1
    FROM name_word w
    WHERE w.tenant = v.column2
    AND w.word = v.column1 COLLATE "C")), w9 AS (DELETE
  FROM name_word
  WHERE tenant = $79
  AND word = ANY ($80)
  AND NOT EXISTS (
    SELECT 1
    FROM search_term o
    WHERE o.tenant = $81
    AND o.term = name_word.word
    AND o.field = 1
    AND NOT EXISTS (
      SELECT 1
      FROM (
        SELECT u1 AS column1, u2 AS column2
        FROM unnest($82::bigint[], $83::text[]) AS u(u1, u2)) AS g
      WHERE g.column1 = o.home
      AND g.column2 COLLATE "C" = o.term))), w10 AS (INSERT INTO search_term (tenant, home, term, field, person, age)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6
    FROM unnest($84::bigint[], $85::bigint[], $86::text[], $87::smallint[], $88::bigint[], $89::integer[]) AS u(u1, u2, u3, u4, u5, u6)) AS r
  WHERE true
  ON CONFLICT DO NOTHING), w11 AS (DELETE
  FROM search_term
  WHERE tenant = $90
  AND (home, term, field) IN (
    SELECT column1, column2 COLLATE "C", column3
    FROM (
      SELECT u1 AS column1, u2 AS column2, u3 AS column3
      FROM unnest($91::bigint[], $92::text[], $93::smallint[]) AS u(u1, u2, u3)) AS gone)), w12 AS (INSERT INTO search_doc (tenant, home, words)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT $94::bigint AS column1, $95::bigint AS column2, $96::text AS column3) AS r
  WHERE true)
SELECT 1;
