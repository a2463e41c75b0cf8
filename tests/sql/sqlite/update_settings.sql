SELECT "tenant"."id", "tenant"."name", "tenant"."settings", "tenant"."settings_version", "tenant"."floor_xid", "tenant"."floor_seq", "tenant"."created_at", "tenant"."rereading"
FROM "tenant"
WHERE "tenant"."id" = ?;

SELECT (
  SELECT COUNT(*)
  FROM identity
  WHERE tenant = $1
  AND namespace = $2
  AND match_key >= '0'
  AND match_key < ':') + (
  SELECT COUNT(*)
  FROM identity
  WHERE tenant = $3
  AND reread_in IS NOT NULL);

UPDATE "tenant"
SET "settings" = ?, "settings_version" = ?, "rereading" = ?
WHERE "tenant"."id" = ?;
