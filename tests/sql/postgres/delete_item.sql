SELECT occurred_at
FROM engagement
WHERE tenant = $1
AND home = $2
AND kind = 5
ORDER BY occurred_at DESC, id DESC
LIMIT 1;

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
  AND ("page_view"."id" = ANY ($8))), w4 AS (INSERT INTO deleted_item (tenant, source, source_id, page_view, item, home, deleted_at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
  FROM (
    SELECT $9::bigint AS column1, $10::text AS column2, $11::text AS column3, $12::boolean AS column4, $13::bigint AS column5, $14::bigint AS column6, $15::bigint AS column7) AS r
  WHERE true
  ON CONFLICT DO NOTHING)
SELECT 1;
