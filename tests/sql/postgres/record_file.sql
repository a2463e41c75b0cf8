INSERT INTO file_removal (tenant, object, due_at, begun)
SELECT r.column1, r.column2, r.column3, r.column4
FROM (
  SELECT $1::bigint AS column1, $2::text AS column2, $3::bigint AS column3, $4::boolean AS column4) AS r
WHERE true;

SELECT hash
FROM file_content
WHERE tenant = $1
AND hash = ANY ($2);

DELETE
FROM file_removal
WHERE tenant = $1
AND NOT begun
AND object = ANY ($2);

INSERT INTO file_content (tenant, hash, object, size)
SELECT r.column1, r.column2, r.column3, r.column4
FROM (
  SELECT $1::bigint AS column1, $2::text AS column2, $3::text AS column3, $4::bigint AS column4) AS r
WHERE true
ON CONFLICT (tenant, hash)
DO UPDATE
SET size = excluded.size
RETURNING object;

WITH w0 AS (INSERT INTO file (tenant, id, item, hash, source, reference, name, content_type, size, created_at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::bigint AS column3, $4::text AS column4, $5::bigint AS column5, $6::text AS column6, $7::text AS column7, $8::text AS column8, $9::bigint AS column9, $10::bigint AS column10) AS r
  WHERE true), w1 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w2 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $21::bigint AS column1, $22::bigint AS column2, $23::bigint AS column3, $24::smallint AS column4, $25::bigint AS column5, $26::smallint AS column6, $27::bigint AS column7, $28::bigint AS column8, $29::text AS column9, $30::bigint AS column10) AS r
  WHERE true)
SELECT 1;
