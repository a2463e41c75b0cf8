DELETE
FROM "comment"
WHERE "comment"."tenant" = ?
AND ("comment"."item" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "engagement"
WHERE "engagement"."tenant" = ?
AND ("engagement"."id" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "page_view"
WHERE "page_view"."tenant" = ?
AND ("page_view"."id" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM mail_thread
WHERE tenant = $1
AND item IN (
  SELECT value
  FROM json_each($2));

INSERT INTO deleted_item (tenant, source, source_id, page_view, item, home, deleted_at)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT
DO NOTHING;

SELECT occurred_at
FROM engagement
WHERE tenant = $1
AND home = $2
AND kind = 5
ORDER BY occurred_at DESC, id DESC
LIMIT 1;
