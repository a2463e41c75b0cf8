DELETE
FROM file
WHERE tenant = $1
AND item = ANY ($2)
RETURNING hash;

DELETE
FROM file_content
WHERE tenant = $1
AND hash = ANY ($2)
AND NOT EXISTS (
  SELECT 1
  FROM file f
  WHERE f.tenant = file_content.tenant
  AND f.hash = file_content.hash)
RETURNING object;

DELETE
FROM file_removal
WHERE tenant = $1
AND object = $2;

SELECT 1
WHERE EXISTS (
  SELECT 1
  FROM engagement
  WHERE tenant = $1
  AND occurred_at < $2) OR EXISTS (
  SELECT 1
  FROM page_view
  WHERE tenant = $3
  AND occurred_at < $4);

SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7
FROM page_view
WHERE tenant = $1
AND occurred_at < $2
ORDER BY occurred_at, id
LIMIT $3;

SELECT MAX(created_at)
FROM customer
WHERE tenant = $1
AND number = ANY ($2);

SELECT hash
FROM file_content
WHERE tenant = $1
AND hash = ANY ($2)
ORDER BY hash
FOR UPDATE;

SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
FROM engagement
WHERE tenant = $1
AND occurred_at < $2
ORDER BY occurred_at, id
LIMIT $3;

WITH w0 AS (DELETE
  FROM mail_thread
  WHERE tenant = $1
  AND item = ANY ($2)), w1 AS (DELETE
  FROM "comment"
  WHERE "comment"."tenant" = $3
  AND ("comment"."item" = ANY ($4))), w2 AS (DELETE
  FROM "engagement"
  WHERE "engagement"."tenant" = $5
  AND ("engagement"."id" = ANY ($6))), w3 AS (DELETE
  FROM "page_view"
  WHERE "page_view"."tenant" = $7
  AND ("page_view"."id" = ANY ($8))), w4 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w5 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $19
  AND ("newest_items"."customer" = ANY ($20))), w6 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $21
  AND ("person_card"."customer" = ANY ($22))), w7 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, (-32768)::smallint) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, '￿￾') AS column9, u10 AS column10
    FROM unnest($23::bigint[], $24::bigint[], $25::bigint[], $26::smallint[], $27::bigint[], $28::smallint[], $29::bigint[], $30::bigint[], $31::text[], $32::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS r
  WHERE true)
SELECT 1;
