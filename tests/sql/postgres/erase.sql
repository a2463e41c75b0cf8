WITH w0 AS (INSERT INTO erased_key (tenant, hash, at)
  SELECT r.column1, r.column2, r.column3
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3
    FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS u(u1, u2, u3)) AS r
  WHERE true
  ON CONFLICT (tenant, hash) DO NOTHING), w1 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w2 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $14
  AND ("newest_items"."customer" = ANY ($15))), w3 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $16
  AND ("person_card"."customer" = ANY ($17))), w4 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $18::bigint AS column1, $19::bigint AS column2, $20::bigint AS column3, $21::smallint AS column4, $22::bigint AS column5, $23::smallint AS column6, $24::bigint AS column7, $25::bigint AS column8, $26::text AS column9, $27::bigint AS column10) AS r
  WHERE true)
SELECT 1;
