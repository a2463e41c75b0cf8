UPDATE engagement
SET state = $1, state_at = $2, duration = $3, text = $4, data = $5, words = array_to_tsvector(string_to_array($6, ' '))
WHERE tenant = $7
AND id = $8;

WITH w0 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w1 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $11
  AND ("newest_items"."customer" = ANY ($12))), w2 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $13::bigint AS column1, $14::bigint AS column2, $15::bigint AS column3, $16::smallint AS column4, $17::bigint AS column5, $18::smallint AS column6, $19::bigint AS column7, $20::bigint AS column8, $21::text AS column9, $22::bigint AS column10) AS r
  WHERE true)
SELECT 1;
