DELETE
FROM "comment"
WHERE "comment"."tenant" = ?
AND "comment"."id" = ?;
