DELETE
FROM "comment"
WHERE "comment"."tenant" = ?
AND ("comment"."home" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "contact"
WHERE "contact"."tenant" = ?
AND ("contact"."customer" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "customer"
WHERE "customer"."tenant" = ?
AND ("customer"."number" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "customer_head"
WHERE "customer_head"."tenant" = ?
AND ("customer_head"."number" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "deleted_item"
WHERE "deleted_item"."tenant" = ?
AND ("deleted_item"."home" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "engagement"
WHERE "engagement"."tenant" = ?
AND ("engagement"."home" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "idempotency"
WHERE "idempotency"."tenant" = ?
AND "idempotency"."body" IS NOT NULL;

DELETE
FROM "identity"
WHERE "identity"."tenant" = ?
AND ("identity"."home" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "link_evidence"
WHERE "link_evidence"."tenant" = ?
AND ("link_evidence"."a" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "link_evidence"
WHERE "link_evidence"."tenant" = ?
AND ("link_evidence"."b" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "page_view"
WHERE "page_view"."tenant" = ?
AND ("page_view"."home" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM "removed_identity"
WHERE "removed_identity"."tenant" = ?
AND ("removed_identity"."home" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM customer_tag
WHERE tenant = $1
AND number IN (
  SELECT value
  FROM json_each($2));

DELETE
FROM customer_trait
WHERE tenant = $1
AND number IN (
  SELECT value
  FROM json_each($2));

DELETE
FROM file
WHERE tenant = $1
AND item IN (
  SELECT id
  FROM engagement
  WHERE tenant = $2
  AND home IN (
    SELECT value
    FROM json_each($3)))
RETURNING hash;

DELETE
FROM item_words
WHERE rowid IN (
  SELECT id
  FROM engagement
  WHERE tenant = $1
  AND home IN (
    SELECT value
    FROM json_each($2))
  UNION ALL
  SELECT id
  FROM page_view
  WHERE tenant = $3
  AND home IN (
    SELECT value
    FROM json_each($4)));

DELETE
FROM link_review
WHERE tenant = $1
AND (EXISTS (
    SELECT 1
    FROM json_each(link_review.homes) AS j
    WHERE j.value IN (
      SELECT value
      FROM json_each($2))) OR EXISTS (
    SELECT 1
    FROM json_each(link_review.identities) AS j
    WHERE j.value IN (
      SELECT value
      FROM json_each($3))));

DELETE
FROM mail_thread
WHERE tenant = $1
AND item IN (
  SELECT id
  FROM engagement
  WHERE tenant = $2
  AND home IN (
    SELECT value
    FROM json_each($3)));

INSERT INTO item_words (item_words) VALUES ('optimize');

SELECT COALESCE(h.merged_into, h.number)
FROM customer_head h
WHERE h.tenant = $1
AND h.number = $2
UNION
SELECT m.number
FROM customer_head h
JOIN customer_head m ON m.tenant = h.tenant
AND m.merged_into = COALESCE(h.merged_into, h.number)
WHERE h.tenant = $3
AND h.number = $4;

SELECT DISTINCT event
FROM source_event_mark
WHERE tenant = $1
AND hash IN (
  SELECT value
  FROM json_each($2));

SELECT id
FROM removed_identity
WHERE tenant = $1
AND home IN (
  SELECT value
  FROM json_each($2));

UPDATE "merge_edge"
SET "reason" = ?
WHERE "merge_edge"."tenant" = ?
AND "merge_edge"."reason" IS NOT NULL
AND (("merge_edge"."a" IN (
      SELECT value
      FROM json_each(?))) OR ("merge_edge"."b" IN (
      SELECT value
      FROM json_each(?))));
