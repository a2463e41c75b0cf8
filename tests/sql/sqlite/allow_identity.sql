SELECT "removed_identity"."tenant", "removed_identity"."id", "removed_identity"."namespace", "removed_identity"."match_key", "removed_identity"."home", "removed_identity"."contact", "removed_identity"."kind", "removed_identity"."value", "removed_identity"."raw_value", "removed_identity"."verification", "removed_identity"."shared", "removed_identity"."source", "removed_identity"."actor", "removed_identity"."first_seen", "removed_identity"."last_seen", "removed_identity"."other_kinds", "removed_identity"."reread_in", "removed_identity"."removed_at", "removed_identity"."removed_by", "removed_identity"."rejected"
FROM "removed_identity"
WHERE "removed_identity"."tenant" = ?
AND "removed_identity"."id" = ?;

SELECT "removed_identity"."tenant", "removed_identity"."id", "removed_identity"."namespace", "removed_identity"."match_key", "removed_identity"."home", "removed_identity"."contact", "removed_identity"."kind", "removed_identity"."value", "removed_identity"."raw_value", "removed_identity"."verification", "removed_identity"."shared", "removed_identity"."source", "removed_identity"."actor", "removed_identity"."first_seen", "removed_identity"."last_seen", "removed_identity"."other_kinds", "removed_identity"."reread_in", "removed_identity"."removed_at", "removed_identity"."removed_by", "removed_identity"."rejected"
FROM "removed_identity"
WHERE "removed_identity"."tenant" = ?
AND "removed_identity"."id" = ?;

UPDATE "removed_identity"
SET "rejected" = ?
WHERE "removed_identity"."tenant" = ?
AND "removed_identity"."id" = ?;
