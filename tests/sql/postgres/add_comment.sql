SELECT COUNT("comment"."id") AS "comments"
FROM "comment"
WHERE "comment"."tenant" = $1
AND "comment"."item" = $2;

SELECT id, home, kind
FROM engagement
WHERE tenant = $1
AND id = $2
UNION ALL
SELECT id, home, CAST(4 AS SMALLINT)
FROM page_view
WHERE tenant = $3
AND id = $4;

WITH w0 AS (INSERT INTO comment (tenant, id, item, home, text, author, created_at, edited_at, edited_by)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::bigint AS column3, $4::bigint AS column4, $5::text AS column5, $6::text AS column6, $7::bigint AS column7, $8::bigint AS column8, $9::text AS column9) AS r
  WHERE true), w1 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w2 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $20
  AND ("newest_items"."customer" = ANY ($21))), w3 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $22::bigint AS column1, $23::bigint AS column2, $24::bigint AS column3, $25::smallint AS column4, $26::bigint AS column5, $27::smallint AS column6, $28::bigint AS column7, $29::bigint AS column8, $30::text AS column9, $31::bigint AS column10) AS r
  WHERE true)
SELECT 1;

SELECT id, home, kind
FROM engagement
WHERE tenant = $1
AND source = $2
AND source_id = $3
UNION ALL
SELECT id, home, CAST(4 AS SMALLINT)
FROM page_view
WHERE tenant = $4
AND source = $5
AND source_id = $6;
