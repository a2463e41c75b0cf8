INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6, u7 AS column7, NULLIF(u8, (-32768)::smallint) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10, NULLIF(u11, '￿￾') AS column11, NULLIF(u12, '￿￾') AS column12, NULLIF(u13, (-32768)::smallint) AS column13, u14 AS column14, NULLIF(u15, -9223372036854775808) AS column15, NULLIF(u16, '￿￾') AS column16, NULLIF(u17, '￿￾') AS column17, array_to_tsvector(string_to_array(NULLIF(u18, '￿￾'), ' ')) AS column18
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::smallint[], $7::smallint[], $8::smallint[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::smallint[], $14::bigint[], $15::bigint[], $16::text[], $17::text[], $18::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17, u18)) AS r
WHERE true
AND NOT EXISTS (
  SELECT 1
  FROM deleted_item d
  WHERE d.tenant = r.column1
  AND d.source = r.column10
  AND d.source_id = r.column11
  AND NOT d.page_view)
ON CONFLICT (tenant, source, source_id)
WHERE source_id IS NOT NULL
DO NOTHING
RETURNING id;

INSERT INTO identity (tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17
FROM (
  SELECT $1::bigint AS column1, $2::bigint AS column2, $3::text AS column3, $4::text AS column4, $5::bigint AS column5, $6::bigint AS column6, $7::smallint AS column7, $8::text AS column8, $9::text AS column9, $10::smallint AS column10, $11::boolean AS column11, $12::text AS column12, $13::text AS column13, $14::bigint AS column14, $15::bigint AS column15, $16::bigint AS column16, $17::text AS column17) AS r
WHERE true
ON CONFLICT (tenant, namespace, match_key)
DO UPDATE
SET match_key = excluded.match_key
RETURNING id;

SELECT k.column1, h.number, h.merged_into, h.shape, s.shape, (EXISTS (
    SELECT 1
    FROM (
      SELECT u1 AS column1, u2 AS column2
      FROM unnest($1::text[], $2::text[]) AS u(u1, u2)) AS w
    CROSS
    JOIN engagement e
    WHERE e.tenant = $3
    AND e.source = w.column1
    AND e.source_id = w.column2
    AND e.source_id IS NOT NULL) OR EXISTS (
    SELECT 1
    FROM (
      SELECT u1 AS column1, u2 AS column2
      FROM unnest($4::text[], $5::text[]) AS u(u1, u2)) AS w
    CROSS
    JOIN deleted_item e
    WHERE e.tenant = $6
    AND e.source = w.column1
    AND e.source_id = w.column2
    AND NOT e.page_view)), y.id, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3
  FROM unnest($7::bigint[], $8::text[], $9::text[]) AS u(u1, u2, u3)) AS k
CROSS
JOIN identity y
CROSS
JOIN customer_head h
LEFT
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = h.merged_into
WHERE h.tenant = y.tenant
AND h.number = y.home
AND y.tenant = $10
AND y.namespace = k.column2
AND y.match_key = k.column3 COLLATE "C";

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
  AND y.match_key = $6
  UNION ALL
  SELECT CAST(2 AS BIGINT) AS n, y.id, y.home, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
  FROM identity y
  WHERE y.tenant = $7
  AND y.namespace = $8
  AND y.match_key = $9)
SELECT i.n, i.id, i.home, i.contact, i.kind, i.verification, i.shared, i.last_seen, h.merged_into, h.shape, EXISTS (
  SELECT 1
  FROM link_evidence e
  WHERE e.tenant = $10
  AND e.b = i.id
  AND e.a = (
    SELECT MIN(o.id)
    FROM i o
    WHERE NOT o.shared)) AS paired, CAST(NULL AS TEXT) AS contacts, i.other_kinds
FROM i
LEFT
JOIN customer_head h ON h.tenant = $11
AND h.number = i.home
WHERE i.id IS NOT NULL
UNION ALL
SELECT g.column1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM (
  SELECT u1 AS column1, u2 AS column2
  FROM unnest($12::bigint[], $13::text[]) AS u(u1, u2)) AS g
WHERE EXISTS (
  SELECT 1
  FROM erased_key x
  WHERE x.tenant = $14
  AND x.hash = g.column2);

WITH w0 AS (INSERT INTO customer (tenant, number, name, name_key, name_at, status, stage, tags, traits, trait_times, created_at, updated_at, own, called, stage_id)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::text AS column3, $4::text AS column4, $5::bigint AS column5, $6::smallint AS column6, $7::smallint AS column7, $8::text AS column8, $9::text AS column9, $10::text AS column10, $11::bigint AS column11, $12::bigint AS column12, $13::text AS column13, $14::text AS column14, $15::smallint AS column15) AS r
  WHERE true), w1 AS (INSERT INTO contact (tenant, number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at, deleted_at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
  FROM (
    SELECT $16::bigint AS column1, $17::bigint AS column2, $18::bigint AS column3, $19::bigint AS column4, $20::text AS column5, $21::text AS column6, $22::bigint AS column7, $23::smallint AS column8, $24::bigint AS column9, $25::bigint AS column10, $26::bigint AS column11) AS r
  WHERE true), w2 AS (INSERT INTO link_evidence (tenant, a, b, rule, source, actor, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
  FROM (
    SELECT $27::bigint AS column1, $28::bigint AS column2, $29::bigint AS column3, $30::smallint AS column4, $31::text AS column5, $32::text AS column6, $33::bigint AS column7) AS r
  WHERE true
  ON CONFLICT (tenant, a, b) DO NOTHING), w3 AS (INSERT INTO customer_head (tenant, number, merged_into, position, shape, floor, list_seen, last_seen, last_inbound, last_outbound, counts)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
  FROM (
    SELECT $34::bigint AS column1, $35::bigint AS column2, $36::bigint AS column3, $37::bigint AS column4, $38::bigint AS column5, $39::bigint AS column6, $40::bigint AS column7, $41::bigint AS column8, $42::bigint AS column9, $43::bigint AS column10, $44::text AS column11) AS r
  WHERE true), w4 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($45::bigint[], $46::bigint[], $47::bigint[], $48::bigint[], $49::bigint[], $50::bigint[], $51::bigint[], $52::bigint[], $53::bigint[], $54::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w5 AS (INSERT INTO person_card (tenant, customer, position, card)
  SELECT r.column1, r.column2, r.column3, r.column4
  FROM (
    SELECT $55::bigint AS column1, $56::bigint AS column2, $57::bigint AS column3, $58::text AS column4) AS r
  WHERE true), w6 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($59::bigint[], $60::bigint[], $61::bigint[], $62::smallint[], $63::bigint[], $64::smallint[], $65::bigint[], $66::bigint[], $67::text[], $68::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true), w7 AS (INSERT INTO search_term (tenant, home, term, field, person, age)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6
    FROM unnest($69::bigint[], $70::bigint[], $71::text[], $72::smallint[], $73::bigint[], $74::integer[]) AS u(u1, u2, u3, u4, u5, u6)) AS r
  WHERE true), w8 AS (INSERT INTO search_doc (tenant, home, words)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT $75::bigint AS column1, $76::bigint AS column2, $77::text AS column3) AS r
  WHERE true)
SELECT 1;
