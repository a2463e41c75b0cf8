INSERT INTO tenant (name, settings, settings_version, floor_xid, floor_seq, created_at, rereading)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
FROM (
  SELECT $1::text AS column1, $2::text AS column2, $3::bigint AS column3, $4::bigint AS column4, $5::bigint AS column5, $6::bigint AS column6, $7::text AS column7) AS r
WHERE true
ON CONFLICT (name)
DO NOTHING;

SELECT "tenant"."id", "tenant"."name", "tenant"."settings", "tenant"."settings_version", "tenant"."floor_xid", "tenant"."floor_seq", "tenant"."created_at", "tenant"."rereading"
FROM "tenant"
WHERE "tenant"."id" = $1;

SELECT "tenant"."id", "tenant"."name", "tenant"."settings", "tenant"."settings_version", "tenant"."floor_xid", "tenant"."floor_seq", "tenant"."created_at", "tenant"."rereading"
FROM "tenant"
WHERE "tenant"."name" = $1;

SELECT h.number, s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END
FROM customer_head h
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = COALESCE(h.merged_into, h.number)
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
WHERE h.tenant = $1
AND h.number = $2;

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
    WHERE NOT o.shared)) AS paired, CASE WHEN i.n = 0 THEN (
  SELECT CAST(json_agg(json_build_array(o.number, o.email, o.phone_number)
      ORDER BY o.number) AS TEXT)
  FROM contact o
  WHERE o.tenant = $8
  AND o.customer = COALESCE(h.merged_into, h.number)
  AND o.deleted_at IS NULL) END AS contacts, i.other_kinds
FROM i
LEFT
JOIN customer_head h ON h.tenant = $9
AND h.number = i.home
WHERE i.id IS NOT NULL
UNION ALL
SELECT g.column1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM (
  SELECT u1 AS column1, u2 AS column2
  FROM unnest($10::bigint[], $11::text[]) AS u(u1, u2)) AS g
WHERE EXISTS (
  SELECT 1
  FROM erased_key x
  WHERE x.tenant = $12
  AND x.hash = g.column2)
AND (
  SELECT COUNT(i.id)
  FROM i) < $13;

WITH w0 AS (INSERT INTO identity (tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6, u7 AS column7, u8 AS column8, u9 AS column9, u10 AS column10, u11 AS column11, u12 AS column12, NULLIF(u13, '￿￾') AS column13, u14 AS column14, u15 AS column15, u16 AS column16, NULLIF(u17, '￿￾') AS column17
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::smallint[], $8::text[], $9::text[], $10::smallint[], $11::boolean[], $12::text[], $13::text[], $14::bigint[], $15::bigint[], $16::bigint[], $17::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17)) AS r
  WHERE true), w1 AS (INSERT INTO customer (tenant, number, name, name_key, name_at, status, stage, tags, traits, trait_times, created_at, updated_at, own, called, stage_id)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15
  FROM (
    SELECT $18::bigint AS column1, $19::bigint AS column2, $20::text AS column3, $21::text AS column4, $22::bigint AS column5, $23::smallint AS column6, $24::smallint AS column7, $25::text AS column8, $26::text AS column9, $27::text AS column10, $28::bigint AS column11, $29::bigint AS column12, $30::text AS column13, $31::text AS column14, $32::smallint AS column15) AS r
  WHERE true), w2 AS (INSERT INTO contact (tenant, number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at, deleted_at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
  FROM (
    SELECT $33::bigint AS column1, $34::bigint AS column2, $35::bigint AS column3, $36::bigint AS column4, $37::text AS column5, $38::text AS column6, $39::bigint AS column7, $40::smallint AS column8, $41::bigint AS column9, $42::bigint AS column10, $43::bigint AS column11) AS r
  WHERE true), w3 AS (INSERT INTO link_evidence (tenant, a, b, rule, source, actor, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
  FROM (
    SELECT $44::bigint AS column1, $45::bigint AS column2, $46::bigint AS column3, $47::smallint AS column4, $48::text AS column5, $49::text AS column6, $50::bigint AS column7) AS r
  WHERE true
  ON CONFLICT (tenant, a, b) DO NOTHING), w4 AS (INSERT INTO customer_head (tenant, number, merged_into, position, shape, floor, list_seen, last_seen, last_inbound, last_outbound, counts)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
  FROM (
    SELECT $51::bigint AS column1, $52::bigint AS column2, $53::bigint AS column3, $54::bigint AS column4, $55::bigint AS column5, $56::bigint AS column6, $57::bigint AS column7, $58::bigint AS column8, $59::bigint AS column9, $60::bigint AS column10, $61::text AS column11) AS r
  WHERE true), w5 AS (INSERT INTO person_card (tenant, customer, position, card)
  SELECT r.column1, r.column2, r.column3, r.column4
  FROM (
    SELECT $62::bigint AS column1, $63::bigint AS column2, $64::bigint AS column3, $65::text AS column4) AS r
  WHERE true), w6 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $66::bigint AS column1, $67::bigint AS column2, $68::bigint AS column3, $69::smallint AS column4, $70::bigint AS column5, $71::smallint AS column6, $72::bigint AS column7, $73::bigint AS column8, $74::text AS column9, $75::bigint AS column10) AS r
  WHERE true), w7 AS (INSERT INTO customer_trait (tenant, name, value, number)
  SELECT r.column1, r.column2, r.column3, r.column4
  FROM (
    SELECT $76::bigint AS column1, $77::text AS column2, $78::text AS column3, $79::bigint AS column4) AS r
  WHERE true
  ON CONFLICT DO NOTHING), w8 AS (INSERT INTO name_word (tenant, word)
  SELECT v.column2, v.column1
  FROM (
    SELECT u1 AS column1, u2 AS column2
    FROM unnest($80::text[], $81::bigint[]) AS u(u1, u2)) AS v
  WHERE NOT EXISTS (
    SELECT 1
    FROM name_word w
    WHERE w.tenant = v.column2
    AND w.word = v.column1 COLLATE "C")), w9 AS (INSERT INTO search_term (tenant, home, term, field, person, age)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6
    FROM unnest($82::bigint[], $83::bigint[], $84::text[], $85::smallint[], $86::bigint[], $87::integer[]) AS u(u1, u2, u3, u4, u5, u6)) AS r
  WHERE true), w10 AS (INSERT INTO search_doc (tenant, home, words)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT $88::bigint AS column1, $89::bigint AS column2, $90::text AS column3) AS r
  WHERE true)
SELECT 1;

WITH w0 AS (INSERT INTO identity (tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6, u7 AS column7, u8 AS column8, u9 AS column9, u10 AS column10, u11 AS column11, u12 AS column12, NULLIF(u13, '￿￾') AS column13, u14 AS column14, u15 AS column15, u16 AS column16, NULLIF(u17, '￿￾') AS column17
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::smallint[], $8::text[], $9::text[], $10::smallint[], $11::boolean[], $12::text[], $13::text[], $14::bigint[], $15::bigint[], $16::bigint[], $17::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17)) AS r
  WHERE true), w1 AS (INSERT INTO customer (tenant, number, name, name_key, name_at, status, stage, tags, traits, trait_times, created_at, updated_at, own, called, stage_id)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15
  FROM (
    SELECT $18::bigint AS column1, $19::bigint AS column2, $20::text AS column3, $21::text AS column4, $22::bigint AS column5, $23::smallint AS column6, $24::smallint AS column7, $25::text AS column8, $26::text AS column9, $27::text AS column10, $28::bigint AS column11, $29::bigint AS column12, $30::text AS column13, $31::text AS column14, $32::smallint AS column15) AS r
  WHERE true), w2 AS (INSERT INTO contact (tenant, number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at, deleted_at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
  FROM (
    SELECT $33::bigint AS column1, $34::bigint AS column2, $35::bigint AS column3, $36::bigint AS column4, $37::text AS column5, $38::text AS column6, $39::bigint AS column7, $40::smallint AS column8, $41::bigint AS column9, $42::bigint AS column10, $43::bigint AS column11) AS r
  WHERE true), w3 AS (INSERT INTO link_evidence (tenant, a, b, rule, source, actor, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
  FROM (
    SELECT $44::bigint AS column1, $45::bigint AS column2, $46::bigint AS column3, $47::smallint AS column4, $48::text AS column5, $49::text AS column6, $50::bigint AS column7) AS r
  WHERE true
  ON CONFLICT (tenant, a, b) DO NOTHING), w4 AS (INSERT INTO customer_head (tenant, number, merged_into, position, shape, floor, list_seen, last_seen, last_inbound, last_outbound, counts)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
  FROM (
    SELECT $51::bigint AS column1, $52::bigint AS column2, $53::bigint AS column3, $54::bigint AS column4, $55::bigint AS column5, $56::bigint AS column6, $57::bigint AS column7, $58::bigint AS column8, $59::bigint AS column9, $60::bigint AS column10, $61::text AS column11) AS r
  WHERE true), w5 AS (INSERT INTO person_card (tenant, customer, position, card)
  SELECT r.column1, r.column2, r.column3, r.column4
  FROM (
    SELECT $62::bigint AS column1, $63::bigint AS column2, $64::bigint AS column3, $65::text AS column4) AS r
  WHERE true), w6 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $66::bigint AS column1, $67::bigint AS column2, $68::bigint AS column3, $69::smallint AS column4, $70::bigint AS column5, $71::smallint AS column6, $72::bigint AS column7, $73::bigint AS column8, $74::text AS column9, $75::bigint AS column10) AS r
  WHERE true), w7 AS (INSERT INTO search_term (tenant, home, term, field, person, age)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6
    FROM unnest($76::bigint[], $77::bigint[], $78::text[], $79::smallint[], $80::bigint[], $81::integer[]) AS u(u1, u2, u3, u4, u5, u6)) AS r
  WHERE true), w8 AS (INSERT INTO search_doc (tenant, home, words)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT $82::bigint AS column1, $83::bigint AS column2, $84::text AS column3) AS r
  WHERE true)
SELECT 1;
