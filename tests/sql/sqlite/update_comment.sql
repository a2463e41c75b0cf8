SELECT "comment"."tenant", "comment"."id", "comment"."item", "comment"."home", "comment"."text", "comment"."author", "comment"."created_at", "comment"."edited_at", "comment"."edited_by"
FROM "comment"
WHERE "comment"."tenant" = ?
AND "comment"."id" = ?;

UPDATE "comment"
SET "text" = ?, "edited_at" = ?, "edited_by" = ?
WHERE "comment"."tenant" = ?
AND "comment"."id" = ?;
