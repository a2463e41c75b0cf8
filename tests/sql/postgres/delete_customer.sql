DELETE
FROM "comment"
WHERE "comment"."tenant" = $1
AND ("comment"."home" = ANY ($2));

DELETE
FROM "contact"
WHERE "contact"."tenant" = $1
AND ("contact"."customer" = ANY ($2));

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
FROM "newest_items"
WHERE "newest_items"."tenant" = $1
AND ("newest_items"."customer" = ANY ($2));

DELETE
FROM "page_view"
WHERE "page_view"."tenant" = $1
AND ("page_view"."home" = ANY ($2));

DELETE
FROM "person_card"
WHERE "person_card"."tenant" = $1
AND ("person_card"."customer" = ANY ($2));

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
  SELECT $1::bigint AS column1, $2::bigint AS column2, $3::bigint AS column3, $4::text AS column4, $5::text AS column5, $6::bigint AS column6, $7::text AS column7, $8::text AS column8) AS r
WHERE true;

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
AND hash = ANY ($2);

SELECT id
FROM removed_identity
WHERE tenant = $1
AND home = ANY ($2);

UPDATE "merge_edge"
SET "reason" = $1
WHERE "merge_edge"."tenant" = $2
AND "merge_edge"."reason" IS NOT NULL
AND (("merge_edge"."a" = ANY ($3)) OR ("merge_edge"."b" = ANY ($4)));

WITH w0 AS (UPDATE customer_head
  SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
  FROM (
    SELECT u1 AS column1, u2 AS column2, NULLIF(u3, -9223372036854775808) AS column3, u4 AS column4, u5 AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, -9223372036854775808) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10)) AS v
  WHERE customer_head.tenant = v.column1
  AND customer_head.number = v.column2), w1 AS (DELETE
  FROM "newest_items"
  WHERE "newest_items"."tenant" = $11
  AND ("newest_items"."customer" = ANY ($12))), w2 AS (DELETE
  FROM "person_card"
  WHERE "person_card"."tenant" = $13
  AND ("person_card"."customer" = ANY ($14))), w3 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
  FROM (
    SELECT $15::bigint AS column1, $16::bigint AS column2, $17::bigint AS column3, $18::smallint AS column4, $19::bigint AS column5, $20::smallint AS column6, $21::bigint AS column7, $22::bigint AS column8, $23::text AS column9, $24::bigint AS column10) AS r
  WHERE true)
SELECT 1;
