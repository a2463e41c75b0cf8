INSERT INTO customer_tag (tenant, tag_key, number, tag)
SELECT r.column1, r.column2, r.column3, r.column4
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT (tenant, tag_key, number)
DO UPDATE
SET tag = excluded.tag;

SELECT "customer"."tenant", "customer"."number", "customer"."name", "customer"."name_key", "customer"."name_at", "customer"."status", "customer"."stage", "customer"."tags", "customer"."traits", "customer"."trait_times", "customer"."created_at", "customer"."updated_at", "customer"."own", "customer"."called", "customer"."stage_id"
FROM "customer"
WHERE "customer"."tenant" = ?
AND "customer"."number" = ?;

SELECT merged_into, number
FROM customer_head
WHERE tenant = $1
AND merged_into IN (
  SELECT value
  FROM json_each($2));
