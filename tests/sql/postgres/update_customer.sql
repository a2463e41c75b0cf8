SELECT "customer"."tenant", "customer"."number", "customer"."name", "customer"."name_key", "customer"."name_at", "customer"."status", "customer"."stage", "customer"."tags", "customer"."traits", "customer"."trait_times", "customer"."created_at", "customer"."updated_at", "customer"."own", "customer"."called", "customer"."stage_id"
FROM "customer"
WHERE "customer"."tenant" = $1
AND "customer"."number" = $2;

SELECT merged_into, number
FROM customer_head
WHERE tenant = $1
AND merged_into = ANY ($2);

WITH w0 AS (UPDATE customer
  SET name = v.column2, name_key = v.column3, name_at = v.column4, status = v.column5, stage = v.column6, tags = v.column7, traits = v.column8, trait_times = v.column9, updated_at = v.column10, own = v.column11, called = v.column12, stage_id = v.column13
  FROM (
    SELECT $1::bigint AS column1, $2::text AS column2, $3::text AS column3, $4::bigint AS column4, $5::smallint AS column5, $6::smallint AS column6, $7::text AS column7, $8::text AS column8, $9::text AS column9, $10::bigint AS column10, $11::text AS column11, $12::text AS column12, $13::smallint AS column13, $14::bigint AS column14) AS v
  WHERE customer.tenant = v.column14
  AND customer.number = v.column1), w1 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $15::bigint AS column1, $16::bigint AS column2, $17::bigint AS column3, $18::text AS column4, $19::text AS column5, $20::bigint AS column6, $21::text AS column7, $22::text AS column8) AS r
  WHERE true), w2 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[], $31::bigint[], $32::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w3 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $33
  AND ("person_card"."customer" = ANY ($34))), w4 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $35::bigint AS column1, $36::bigint AS column2, $37::bigint AS column3, $38::smallint AS column4, $39::bigint AS column5, $40::smallint AS column6, $41::bigint AS column7, $42::bigint AS column8, $43::text AS column9, $44::bigint AS column10) AS r
  WHERE true), w5 AS (INSERT INTO customer_tag (tenant, tag_key, number, tag)
  SELECT r.column1, r.column2, r.column3, r.column4
  FROM (
    SELECT $45::bigint AS column1, $46::text AS column2, $47::bigint AS column3, $48::text AS column4) AS r
  WHERE true
  ON CONFLICT (tenant, tag_key, number)
  DO UPDATE
  SET tag = excluded.tag), w6 AS (INSERT INTO name_word (tenant, word)
  SELECT v.column2, v.column1
  FROM (
    SELECT u1 AS column1, u2 AS column2
    FROM unnest($49::text[], $50::bigint[]) AS u(u1, u2)) AS v
  WHERE NOT EXISTS (
    SELECT 1
    FROM name_word w
    WHERE w.tenant = v.column2
    AND w.word = v.column1 COLLATE "C")), w7 AS (INSERT INTO search_term (tenant, home, term, field, person, age)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6
    FROM unnest($51::bigint[], $52::bigint[], $53::text[], $54::smallint[], $55::bigint[], $56::integer[]) AS u(u1, u2, u3, u4, u5, u6)) AS r
  WHERE true
  ON CONFLICT DO NOTHING), w8 AS (INSERT INTO search_doc (tenant, home, words)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT $57::bigint AS column1, $58::bigint AS column2, $59::text AS column3) AS r
  WHERE true)
SELECT 1;
