INSERT INTO comment (tenant, id, item, home, text, author, created_at, edited_at, edited_by)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9
  FROM jsonb_each($1)) AS r
WHERE true;

SELECT COUNT("comment"."id") AS "comments"
FROM "comment"
WHERE "comment"."tenant" = ?
AND "comment"."item" = ?;

SELECT id, home, kind
FROM engagement
WHERE tenant = $1
AND id = $2
UNION ALL
SELECT id, home, CAST(4 AS SMALLINT)
FROM page_view
WHERE tenant = $3
AND id = $4;

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
