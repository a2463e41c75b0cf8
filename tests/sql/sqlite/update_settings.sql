SELECT "tenant"."id", "tenant"."name", "tenant"."settings", "tenant"."settings_version", "tenant"."floor_xid", "tenant"."floor_seq", "tenant"."created_at"
FROM "tenant"
WHERE "tenant"."id" = ?;

UPDATE "tenant"
SET "settings" = ?, "settings_version" = ?
WHERE "tenant"."id" = ?;
