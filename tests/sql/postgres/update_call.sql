SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
FROM engagement
WHERE tenant = $1
AND source = $2
AND source_id = $3;

SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
FROM engagement
WHERE tenant = $1
AND source = $2
AND source_id = $3
FOR UPDATE;

WITH w0 AS (UPDATE engagement
  SET state = $1, state_at = $2, duration = $3, text = $4, data = $5, words = array_to_tsvector(string_to_array($6, ' '))
  WHERE tenant = $7
  AND id = $8), w1 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w2 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $19
  AND ("newest_items"."customer" = ANY ($20))), w3 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $21::bigint AS column1, $22::bigint AS column2, $23::bigint AS column3, $24::smallint AS column4, $25::bigint AS column5, $26::smallint AS column6, $27::bigint AS column7, $28::bigint AS column8, $29::text AS column9, $30::bigint AS column10) AS r
  WHERE true)
SELECT 1;
