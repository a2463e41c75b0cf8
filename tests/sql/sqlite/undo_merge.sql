INSERT INTO keep_apart (tenant, id, a, b, actor, at, lifted_at, lifted_by)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8
  FROM jsonb_each($1)) AS r
WHERE true;

SELECT "keep_apart"."tenant", "keep_apart"."id", "keep_apart"."a", "keep_apart"."b", "keep_apart"."actor", "keep_apart"."at", "keep_apart"."lifted_at", "keep_apart"."lifted_by"
FROM "keep_apart"
WHERE "keep_apart"."tenant" = ?
AND "keep_apart"."lifted_at" IS NULL
AND ("keep_apart"."id" IN (
    SELECT value
    FROM json_each(?)));

SELECT "merge_edge"."tenant", "merge_edge"."id", "merge_edge"."a", "merge_edge"."b", "merge_edge"."active", "merge_edge"."rule", "merge_edge"."from_identity", "merge_edge"."to_identity", "merge_edge"."source", "merge_edge"."actor", "merge_edge"."reason", "merge_edge"."at", "merge_edge"."undone_at", "merge_edge"."undone_by"
FROM "merge_edge"
WHERE "merge_edge"."tenant" = ?
AND "merge_edge"."active" = ?
AND ("merge_edge"."a" IN (
    SELECT value
    FROM json_each(?)));

SELECT "merge_edge"."tenant", "merge_edge"."id", "merge_edge"."a", "merge_edge"."b", "merge_edge"."active", "merge_edge"."rule", "merge_edge"."from_identity", "merge_edge"."to_identity", "merge_edge"."source", "merge_edge"."actor", "merge_edge"."reason", "merge_edge"."at", "merge_edge"."undone_at", "merge_edge"."undone_by"
FROM "merge_edge"
WHERE "merge_edge"."tenant" = ?
AND "merge_edge"."id" = ?;

UPDATE "merge_edge"
SET "active" = ?, "undone_at" = ?, "undone_by" = ?
WHERE "merge_edge"."tenant" = ?
AND "merge_edge"."id" = ?;

UPDATE contact
SET customer = $1, linked_id = CASE WHEN number = $2 THEN NULL ELSE $3 END, link_precedence = CASE WHEN number = $4 THEN 1 ELSE 2 END, updated_at = $5
WHERE tenant = $6
AND customer = $7
AND home IN (
  SELECT value
  FROM json_each($8));
