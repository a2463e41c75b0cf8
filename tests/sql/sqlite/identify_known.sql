SELECT "customer"."tenant", "customer"."number", "customer"."name", "customer"."name_key", "customer"."name_at", "customer"."status", "customer"."stage", "customer"."tags", "customer"."traits", "customer"."trait_times", "customer"."created_at", "customer"."updated_at", "customer"."own", "customer"."called", "customer"."stage_id"
FROM "customer"
WHERE "customer"."tenant" = ?
AND ("customer"."number" IN (
    SELECT value
    FROM json_each(?)));
