SELECT json_array(a, b, rule, source, actor, at)
FROM link_evidence
WHERE tenant = $1
AND (a IN (
    SELECT id
    FROM identity
    WHERE tenant = $2
    AND home IN (
      SELECT value
      FROM json_each($3))
    UNION ALL
    SELECT id
    FROM removed_identity
    WHERE tenant = $4
    AND home IN (
      SELECT value
      FROM json_each($5))) OR b IN (
    SELECT id
    FROM identity
    WHERE tenant = $6
    AND home IN (
      SELECT value
      FROM json_each($7))
    UNION ALL
    SELECT id
    FROM removed_identity
    WHERE tenant = $8
    AND home IN (
      SELECT value
      FROM json_each($9))))
ORDER BY a, b;

SELECT json_array(id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by)
FROM merge_edge
WHERE tenant = $1
AND (a IN (
    SELECT value
    FROM json_each($2)) OR b IN (
    SELECT value
    FROM json_each($3)))
ORDER BY id, a;

SELECT json_array(id, a, b, actor, at, lifted_at, lifted_by)
FROM keep_apart
WHERE tenant = $1
AND (a IN (
    SELECT value
    FROM json_each($2)) OR b IN (
    SELECT value
    FROM json_each($3)))
ORDER BY id, a;

SELECT json_array(id, at, actor, action, customer, request_id, detail)
FROM audit
WHERE tenant = $1
AND (customer IN (
    SELECT value
    FROM json_each($2)))
ORDER BY id, at;

SELECT json_array(id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, url, title, category, object_id, session_id, description, correction)
FROM page_view
WHERE tenant = $1
AND (home IN (
    SELECT value
    FROM json_each($2)))
ORDER BY id, home;

SELECT json_array(id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data)
FROM engagement
WHERE tenant = $1
AND (home IN (
    SELECT value
    FROM json_each($2)))
ORDER BY id, home;

SELECT json_array(id, item, hash, source, reference, name, content_type, size, created_at)
FROM file
WHERE tenant = $1
AND (item IN (
    SELECT id
    FROM engagement
    WHERE tenant = $2
    AND home IN (
      SELECT value
      FROM json_each($3))))
ORDER BY id, item;

SELECT json_array(id, item, home, text, author, created_at, edited_at, edited_by)
FROM comment
WHERE tenant = $1
AND (home IN (
    SELECT value
    FROM json_each($2)))
ORDER BY id, item;

SELECT json_array(id, namespace, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in)
FROM identity
WHERE tenant = $1
AND (home IN (
    SELECT value
    FROM json_each($2)))
ORDER BY id, namespace;

SELECT json_array(id, namespace, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in, removed_at, removed_by, rejected)
FROM removed_identity
WHERE tenant = $1
AND (home IN (
    SELECT value
    FROM json_each($2)))
ORDER BY id, namespace;

SELECT json_array(id, state, rule, message, homes, identities, source, actor, at, decided_at, decided_by)
FROM link_review
WHERE tenant = $1
AND (EXISTS (
    SELECT 1
    FROM json_each(link_review.homes) AS j
    WHERE j.value IN (
      SELECT value
      FROM json_each($2))))
ORDER BY id, state;

SELECT json_array(number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at, deleted_at)
FROM contact
WHERE tenant = $1
AND (customer IN (
    SELECT value
    FROM json_each($2)))
ORDER BY number, home;

SELECT json_array(number, name, name_at, status, stage, tags, traits, trait_times, created_at, updated_at, own, called, stage_id)
FROM customer
WHERE tenant = $1
AND (number IN (
    SELECT value
    FROM json_each($2)))
ORDER BY number, name;

SELECT json_array(source, source_id, page_view, item, home, deleted_at)
FROM deleted_item
WHERE tenant = $1
AND (home IN (
    SELECT value
    FROM json_each($2)))
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
