SELECT "identity"."tenant", "identity"."id", "identity"."namespace", "identity"."match_key", "identity"."home", "identity"."contact", "identity"."kind", "identity"."value", "identity"."raw_value", "identity"."verification", "identity"."shared", "identity"."source", "identity"."actor", "identity"."first_seen", "identity"."last_seen", "identity"."other_kinds", "identity"."reread_in"
FROM "identity"
WHERE "identity"."tenant" = ?
AND "identity"."id" = ?;

UPDATE "identity"
SET "shared" = ?, "verification" = ?
WHERE "identity"."tenant" = ?
AND "identity"."id" = ?;
