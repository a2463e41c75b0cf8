SELECT "link_review"."tenant", "link_review"."id", "link_review"."state", "link_review"."rule", "link_review"."message", "link_review"."homes", "link_review"."identities", "link_review"."pair", "link_review"."source", "link_review"."actor", "link_review"."at", "link_review"."decided_at", "link_review"."decided_by"
FROM "link_review"
WHERE "link_review"."tenant" = $1
AND "link_review"."state" = $2
ORDER BY "link_review"."id" DESC
LIMIT $3;

SELECT COUNT(*)
FROM (
  SELECT 1
  FROM link_review
  WHERE tenant = $1
  AND state = $2
  LIMIT $3) AS counted;
