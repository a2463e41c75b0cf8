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
    SELECT u1 AS column1, NULLIF(u2, '￿￾') AS column2, NULLIF(u3, '￿￾') AS column3, NULLIF(u4, -9223372036854775808) AS column4, u5 AS column5, u6 AS column6, u7 AS column7, u8 AS column8, u9 AS column9, u10 AS column10, NULLIF(u11, '￿￾') AS column11, NULLIF(u12, '￿￾') AS column12, NULLIF(u13, (-32768)::smallint) AS column13, u14 AS column14
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::smallint[], $6::smallint[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::smallint[], $14::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14)) AS v
  WHERE customer.tenant = v.column14
  AND customer.number = v.column1), w1 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, u7 AS column7, u8 AS column8
    FROM unnest($15::bigint[], $16::bigint[], $17::bigint[], $18::text[], $19::text[], $20::bigint[], $21::text[], $22::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8)) AS r
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
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($35::bigint[], $36::bigint[], $37::bigint[], $38::smallint[], $39::bigint[], $40::smallint[], $41::bigint[], $42::bigint[], $43::text[], $44::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true), w5 AS (INSERT INTO customer_tag (tenant, tag_key, number, tag)
  SELECT r.column1, r.column2, r.column3, r.column4
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4
    FROM unnest($45::bigint[], $46::text[], $47::bigint[], $48::text[]) AS u(u1, u2, u3, u4)) AS r
  WHERE true
  ON CONFLICT (tenant, tag_key, number)
  DO UPDATE
  SET tag = excluded.tag), w6 AS (INSERT INTO search_term (tenant, home, term, field, person, age)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6
    FROM unnest($49::bigint[], $50::bigint[], $51::text[], $52::smallint[], $53::bigint[], $54::smallint[]) AS u(u1, u2, u3, u4, u5, u6)) AS r
  WHERE true
  ON CONFLICT DO NOTHING), w7 AS (INSERT INTO search_doc (tenant, home, words)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3
    FROM unnest($55::bigint[], $56::bigint[], $57::text[]) AS u(u1, u2, u3)) AS r
  WHERE true)
SELECT 1;
