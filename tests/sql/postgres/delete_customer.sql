DELETE
FROM "comment"
WHERE "comment"."tenant" = $1
AND ("comment"."home" = ANY ($2));

DELETE
FROM "contact"
WHERE "contact"."tenant" = $1
AND ("contact"."home" = ANY ($2));

DELETE
FROM "customer"
WHERE "customer"."tenant" = $1
AND ("customer"."number" = ANY ($2));

DELETE
FROM "customer_head"
WHERE "customer_head"."tenant" = $1
AND ("customer_head"."number" = ANY ($2));

DELETE
FROM "deleted_item"
WHERE "deleted_item"."tenant" = $1
AND ("deleted_item"."home" = ANY ($2));

DELETE
FROM "engagement"
WHERE "engagement"."tenant" = $1
AND ("engagement"."home" = ANY ($2));

DELETE
FROM "idempotency"
WHERE "idempotency"."tenant" = $1
AND "idempotency"."body" IS NOT NULL;

DELETE
FROM "identity"
WHERE "identity"."tenant" = $1
AND ("identity"."home" = ANY ($2));

DELETE
FROM "link_evidence"
WHERE "link_evidence"."tenant" = $1
AND ("link_evidence"."a" = ANY ($2));

DELETE
FROM "link_evidence"
WHERE "link_evidence"."tenant" = $1
AND ("link_evidence"."b" = ANY ($2));

DELETE
FROM "page_view"
WHERE "page_view"."tenant" = $1
AND ("page_view"."home" = ANY ($2));

DELETE
FROM "removed_identity"
WHERE "removed_identity"."tenant" = $1
AND ("removed_identity"."home" = ANY ($2));

DELETE
FROM customer_tag
WHERE tenant = $1
AND number = ANY ($2);

DELETE
FROM customer_trait
WHERE tenant = $1
AND number = ANY ($2);

DELETE
FROM file
WHERE tenant = $1
AND item IN (
  SELECT id
  FROM engagement
  WHERE tenant = $2
  AND home = ANY ($3))
RETURNING hash;

DELETE
FROM link_review
WHERE tenant = $1
AND (EXISTS (
    SELECT 1
    FROM (
      SELECT CAST(e.value AS BIGINT) AS value
      FROM json_array_elements_text(link_review.homes::json) AS e(value)) AS j
    WHERE j.value = ANY ($2)) OR EXISTS (
    SELECT 1
    FROM (
      SELECT CAST(e.value AS BIGINT) AS value
      FROM json_array_elements_text(link_review.identities::json) AS e(value)) AS j
    WHERE j.value = ANY ($3)));

DELETE
FROM mail_thread
WHERE tenant = $1
AND item IN (
  SELECT id
  FROM engagement
  WHERE tenant = $2
  AND home = ANY ($3));

INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, u7 AS column7, u8 AS column8
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8)) AS r
WHERE true;

SELECT DISTINCT event
FROM source_event_mark
WHERE tenant = $1
AND hash = ANY ($2);

SELECT id
FROM removed_identity
WHERE tenant = $1
AND home = ANY ($2);

SELECT m.number
FROM customer_head h
JOIN customer_head m ON m.tenant = h.tenant
AND (m.number = COALESCE(h.merged_into, h.number) OR m.merged_into = COALESCE(h.merged_into, h.number))
WHERE h.tenant = $1
AND h.number = $2;

UPDATE "merge_edge"
SET "reason" = $1
WHERE "merge_edge"."tenant" = $2
AND "merge_edge"."reason" IS NOT NULL
AND (("merge_edge"."a" = ANY ($3)) OR ("merge_edge"."b" = ANY ($4)));
