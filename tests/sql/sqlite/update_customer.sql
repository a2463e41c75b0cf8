UPDATE "customer"
SET "name" = ?, "name_key" = ?, "name_at" = ?, "traits" = ?, "trait_times" = ?, "updated_at" = ?, "status" = ?, "stage" = ?, "tags" = ?
WHERE "customer"."tenant" = ?
AND "customer"."number" = ?;
