SELECT "keep_apart"."tenant", "keep_apart"."id", "keep_apart"."a", "keep_apart"."b", "keep_apart"."actor", "keep_apart"."at", "keep_apart"."lifted_at", "keep_apart"."lifted_by"
FROM "keep_apart"
WHERE "keep_apart"."tenant" = ?
AND "keep_apart"."id" = ?;

UPDATE "keep_apart"
SET "lifted_at" = ?, "lifted_by" = ?
WHERE "keep_apart"."tenant" = ?
AND "keep_apart"."id" = ?;
