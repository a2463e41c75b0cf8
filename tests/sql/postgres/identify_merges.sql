SELECT "keep_apart"."tenant", "keep_apart"."id", "keep_apart"."a", "keep_apart"."b", "keep_apart"."actor", "keep_apart"."at", "keep_apart"."lifted_at", "keep_apart"."lifted_by"
FROM "keep_apart"
WHERE "keep_apart"."tenant" = $1
AND "keep_apart"."lifted_at" IS NULL
AND ("keep_apart"."a" = ANY ($2))
UNION (
  SELECT "keep_apart"."tenant", "keep_apart"."id", "keep_apart"."a", "keep_apart"."b", "keep_apart"."actor", "keep_apart"."at", "keep_apart"."lifted_at", "keep_apart"."lifted_by"
  FROM "keep_apart"
  WHERE "keep_apart"."tenant" = $3
  AND "keep_apart"."lifted_at" IS NULL
  AND ("keep_apart"."b" = ANY ($4)));

UPDATE search_term
SET person = v.column3
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u(u1, u2, u3)) AS v
WHERE search_term.tenant = v.column1
AND search_term.home = v.column2;

WITH w0 AS (INSERT INTO merge_edge (tenant, id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::bigint AS column3, $4::bigint AS column4, $5::boolean AS column5, $6::smallint AS column6, $7::bigint AS column7, $8::bigint AS column8, $9::text AS column9, $10::text AS column10, $11::text AS column11, $12::bigint AS column12, $13::bigint AS column13, $14::text AS column14) AS r
  WHERE true), w1 AS (UPDATE contact
  SET customer = v.column2, linked_id = v.column2, link_precedence = 2, updated_at = v.column3
  FROM (
    SELECT $15::bigint AS column1, $16::bigint AS column2, $17::bigint AS column3, $18::bigint AS column4) AS v
  WHERE contact.tenant = v.column4
  AND contact.customer = v.column1), w2 AS (UPDATE customer
  SET name = v.column2, name_key = v.column3, name_at = v.column4, status = v.column5, stage = v.column6, tags = v.column7, traits = v.column8, trait_times = v.column9, updated_at = v.column10, own = v.column11, called = v.column12, stage_id = v.column13
  FROM (
    SELECT u1 AS column1, NULLIF(u2, '￿￾') AS column2, NULLIF(u3, '￿￾') AS column3, NULLIF(u4, -9223372036854775808) AS column4, u5 AS column5, u6 AS column6, u7 AS column7, u8 AS column8, u9 AS column9, u10 AS column10, NULLIF(u11, '￿￾') AS column11, NULLIF(u12, '￿￾') AS column12, NULLIF(u13, (-32768)::smallint) AS column13, u14 AS column14
    FROM unnest($19::bigint[], $20::text[], $21::text[], $22::bigint[], $23::smallint[], $24::smallint[], $25::text[], $26::text[], $27::text[], $28::bigint[], $29::text[], $30::text[], $31::smallint[], $32::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14)) AS v
  WHERE customer.tenant = v.column14
  AND customer.number = v.column1), w3 AS (INSERT INTO link_evidence (tenant, a, b, rule, source, actor, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
  FROM (
    SELECT $33::bigint AS column1, $34::bigint AS column2, $35::bigint AS column3, $36::smallint AS column4, $37::text AS column5, $38::text AS column6, $39::bigint AS column7) AS r
  WHERE true
  ON CONFLICT (tenant, a, b) DO NOTHING), w4 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
  FROM (
    SELECT $40::bigint AS column1, $41::bigint AS column2, $42::bigint AS column3, $43::bigint AS column4, $44::bigint AS column5, $45::smallint AS column6, $46::smallint AS column7, $47::smallint AS column8, $48::bigint AS column9, $49::text AS column10, $50::text AS column11, $51::text AS column12, $52::smallint AS column13, $53::bigint AS column14, $54::bigint AS column15, $55::text AS column16, $56::text AS column17, array_to_tsvector(string_to_array($57::text, ' ')) AS column18) AS r
  WHERE true), w5 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($58::bigint[], $59::bigint[], $60::bigint[], $61::bigint[], $62::bigint[], $63::bigint[], $64::bigint[], $65::bigint[], $66::bigint[], $67::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w6 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $68
  AND ("newest_items"."customer" = ANY ($69))), w7 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $70
  AND ("person_card"."customer" = ANY ($71))), w8 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($72::bigint[], $73::bigint[], $74::bigint[], $75::smallint[], $76::bigint[], $77::smallint[], $78::bigint[], $79::bigint[], $80::text[], $81::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true), w9 AS (DELETE
  FROM customer_trait
  WHERE tenant = $82
  AND (name, value, number) IN (
    SELECT column1 COLLATE "C", column2 COLLATE "C", column3
    FROM (
      SELECT u1 AS column1, u2 AS column2, u3 AS column3
      FROM unnest($83::text[], $84::text[], $85::bigint[]) AS u(u1, u2, u3)) AS gone)), w10 AS (INSERT INTO name_word (tenant, word)
  SELECT v.column2, v.column1
  FROM (
    SELECT u1 AS column1, u2 AS column2
    FROM unnest($86::text[], $87::bigint[]) AS u(u1, u2)) AS v
  WHERE NOT EXISTS (
    SELECT 1
    FROM name_word w
    WHERE w.tenant = v.column2
    AND w.word = v.column1 COLLATE "C")), w11 AS (DELETE
  FROM name_word
  WHERE tenant = $88
  AND word = ANY ($89)
  AND NOT EXISTS (
    SELECT 1
    FROM search_term o
    WHERE o.tenant = $90
    AND o.term = name_word.word
    AND o.field = 1
    AND NOT EXISTS (
      SELECT 1
      FROM (
        SELECT u1 AS column1, u2 AS column2
        FROM unnest($91::bigint[], $92::text[]) AS u(u1, u2)) AS g
      WHERE g.column1 = o.home
      AND g.column2 COLLATE "C" = o.term))), w12 AS (INSERT INTO search_term (tenant, home, term, field, person, age)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6
    FROM unnest($93::bigint[], $94::bigint[], $95::text[], $96::smallint[], $97::bigint[], $98::integer[]) AS u(u1, u2, u3, u4, u5, u6)) AS r
  WHERE true
  ON CONFLICT DO NOTHING), w13 AS (DELETE
  FROM search_term
  WHERE tenant = $99
  AND (home, term, field) IN (
    SELECT column1, column2 COLLATE "C", column3
    FROM (
      SELECT u1 AS column1, u2 AS column2, u3 AS column3
      FROM unnest($100::bigint[], $101::text[], $102::smallint[]) AS u(u1, u2, u3)) AS gone)), w14 AS (INSERT INTO search_doc (tenant, home, words)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT $103::bigint AS column1, $104::bigint AS column2, $105::text AS column3) AS r
  WHERE true)
SELECT 1;
