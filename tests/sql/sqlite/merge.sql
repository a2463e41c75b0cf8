INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8
  FROM jsonb_each($1)) AS r
WHERE true;

SELECT "merge_edge"."tenant", "merge_edge"."id", "merge_edge"."a", "merge_edge"."b", "merge_edge"."active", "merge_edge"."rule", "merge_edge"."from_identity", "merge_edge"."to_identity", "merge_edge"."source", "merge_edge"."actor", "merge_edge"."reason", "merge_edge"."at", "merge_edge"."undone_at", "merge_edge"."undone_by"
FROM "merge_edge"
WHERE "merge_edge"."tenant" = ?
AND ("merge_edge"."id" IN (
    SELECT value
    FROM json_each(?)));
