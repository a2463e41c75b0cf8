SELECT CAST(json_build_array(a, b, rule, source, actor, at) AS TEXT)
FROM link_evidence
WHERE tenant = $1
AND (a IN (
    SELECT id
    FROM identity
    WHERE tenant = $2
    AND home = ANY ($3)
    UNION ALL
    SELECT id
    FROM removed_identity
    WHERE tenant = $4
    AND home = ANY ($5)) OR b IN (
    SELECT id
    FROM identity
    WHERE tenant = $6
    AND home = ANY ($7)
    UNION ALL
    SELECT id
    FROM removed_identity
    WHERE tenant = $8
    AND home = ANY ($9)))
ORDER BY a, b;

SELECT CAST(json_build_array(id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by) AS TEXT)
FROM merge_edge
WHERE tenant = $1
AND (a = ANY ($2) OR b = ANY ($3))
ORDER BY id, a;

SELECT CAST(json_build_array(id, a, b, actor, at, lifted_at, lifted_by) AS TEXT)
FROM keep_apart
WHERE tenant = $1
AND (a = ANY ($2) OR b = ANY ($3))
ORDER BY id, a;

SELECT CAST(json_build_array(id, at, actor, action, customer, request_id, detail) AS TEXT)
FROM audit
WHERE tenant = $1
AND (customer = ANY ($2))
ORDER BY id, at;

SELECT CAST(json_build_array(id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, url, title, category, object_id, session_id, description, correction) AS TEXT)
FROM page_view
WHERE tenant = $1
AND (home = ANY ($2))
ORDER BY id, home;

SELECT CAST(json_build_array(id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data) AS TEXT)
FROM engagement
WHERE tenant = $1
AND (home = ANY ($2))
ORDER BY id, home;

SELECT CAST(json_build_array(id, item, hash, source, reference, name, content_type, size, created_at) AS TEXT)
FROM file
WHERE tenant = $1
AND (item IN (
    SELECT id
    FROM engagement
    WHERE tenant = $2
    AND home = ANY ($3)))
ORDER BY id, item;

SELECT CAST(json_build_array(id, item, home, text, author, created_at, edited_at, edited_by) AS TEXT)
FROM comment
WHERE tenant = $1
AND (home = ANY ($2))
ORDER BY id, item;

SELECT CAST(json_build_array(id, namespace, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in) AS TEXT)
FROM identity
WHERE tenant = $1
AND (home = ANY ($2))
ORDER BY id, namespace;

SELECT CAST(json_build_array(id, namespace, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in, removed_at, removed_by, rejected) AS TEXT)
FROM removed_identity
WHERE tenant = $1
AND (home = ANY ($2))
ORDER BY id, namespace;

SELECT CAST(json_build_array(id, state, rule, message, homes, identities, source, actor, at, decided_at, decided_by) AS TEXT)
FROM link_review
WHERE tenant = $1
AND (EXISTS (
    SELECT 1
    FROM (
      SELECT CAST(e.value AS BIGINT) AS value
      FROM json_array_elements_text(link_review.homes::json) AS e(value)) AS j
    WHERE j.value = ANY ($2)))
ORDER BY id, state;

SELECT CAST(json_build_array(number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at, deleted_at) AS TEXT)
FROM contact
WHERE tenant = $1
AND (customer = ANY ($2))
ORDER BY number, home;

SELECT CAST(json_build_array(number, name, name_at, status, stage, tags, traits, trait_times, created_at, updated_at, own, called, stage_id) AS TEXT)
FROM customer
WHERE tenant = $1
AND (number = ANY ($2))
ORDER BY number, name;

SELECT CAST(json_build_array(source, source_id, page_view, item, home, deleted_at) AS TEXT)
FROM deleted_item
WHERE tenant = $1
AND (home = ANY ($2))
ORDER BY source, source_id;

SELECT number
FROM customer_head
WHERE tenant = $1
AND number = (
  SELECT COALESCE(merged_into, number)
  FROM customer_head
  WHERE tenant = $2
  AND number = $3)
UNION ALL
SELECT number
FROM customer_head
WHERE tenant = $4
AND merged_into = (
  SELECT COALESCE(merged_into, number)
  FROM customer_head
  WHERE tenant = $5
  AND number = $6)
ORDER BY 1;

WITH w0 AS (INSERT INTO audit (tenant, id, at, actor, action, customer, request_id, detail)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::bigint AS column3, $4::text AS column4, $5::text AS column5, $6::bigint AS column6, $7::text AS column7, $8::text AS column8) AS r
  WHERE true)
SELECT 1;
