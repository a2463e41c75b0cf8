SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7
FROM page_view
WHERE tenant = $1
AND id = $2;

SELECT occurred_at
FROM page_view
WHERE tenant = $1
AND home = $2
ORDER BY occurred_at DESC, id DESC
LIMIT 1;

UPDATE page_view
SET occurred_at = $1, title = $2, description = $3, correction = $4, words = array_to_tsvector(string_to_array($5, ' '))
WHERE tenant = $6
AND id = $7;

WITH w0 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::bigint AS column3, $4::text AS column4, $5::text AS column5, $6::bigint AS column6, $7::text AS column7, $8::text AS column8) AS r
  WHERE true), w1 AS (UPDATE customer_head
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
