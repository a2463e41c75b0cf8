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
  WHERE true), w4 AS (INSERT INTO person_card (tenant, customer, position, card)
  SELECT r.column1, r.column2, r.column3, r.column4
  FROM (
    SELECT $45::bigint AS column1, $46::bigint AS column2, $47::bigint AS column3, $48::text AS column4) AS r
  WHERE true), w5 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $49::bigint AS column1, $50::bigint AS column2, $51::bigint AS column3, $52::smallint AS column4, $53::bigint AS column5, $54::smallint AS column6, $55::bigint AS column7, $56::bigint AS column8, $57::text AS column9, $58::bigint AS column10) AS r
  WHERE true), w6 AS (INSERT INTO search_term (tenant, home, term, field, person, age)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6
    FROM unnest($59::bigint[], $60::bigint[], $61::text[], $62::smallint[], $63::bigint[], $64::integer[]) AS u(u1, u2, u3, u4, u5, u6)) AS r
  WHERE true), w7 AS (INSERT INTO search_doc (tenant, home, words)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT $65::bigint AS column1, $66::bigint AS column2, $67::text AS column3) AS r
  WHERE true)
SELECT 1;
