DELETE
FROM search_doc
WHERE rowid IN (
  SELECT value
  FROM json_each($1))
AND scope = $2;

DELETE
FROM search_term
WHERE tenant = $1
AND home IN (
  SELECT value
  FROM json_each($2));

SELECT "contact"."tenant", "contact"."number", "contact"."home", "contact"."customer", "contact"."email", "contact"."phone_number", "contact"."linked_id", "contact"."link_precedence", "contact"."created_at", "contact"."updated_at", "contact"."deleted_at"
FROM "contact"
WHERE "contact"."tenant" = ?
AND "contact"."customer" = ?
AND "contact"."deleted_at" IS NULL;

SELECT home, kind, record_type, COUNT(*), MAX(occurred_at), MAX(CASE WHEN direction = 1 THEN occurred_at END), MAX(CASE WHEN direction = 2 THEN occurred_at END)
FROM (
  SELECT home, kind, record_type, direction, occurred_at
  FROM engagement
  WHERE tenant = $1
  AND home IN (
    SELECT value
    FROM json_each($2))
  AND kind <> 7
  AND identity IN (
    SELECT value
    FROM json_each($3))
  UNION ALL
  SELECT home, CAST(4 AS SMALLINT), NULL, direction, occurred_at
  FROM page_view
  WHERE tenant = $4
  AND home IN (
    SELECT value
    FROM json_each($5))
  AND identity IN (
    SELECT value
    FROM json_each($6))) i
GROUP BY home, kind, record_type;

SELECT home, kind, record_type, COUNT(*), MAX(occurred_at), MAX(CASE WHEN direction = 1 THEN occurred_at END), MAX(CASE WHEN direction = 2 THEN occurred_at END)
FROM (
  SELECT home, kind, record_type, direction, occurred_at
  FROM engagement
  WHERE tenant = $1
  AND home IN (
    SELECT value
    FROM json_each($2))
  UNION ALL
  SELECT home, CAST(4 AS SMALLINT), NULL, direction, occurred_at
  FROM page_view
  WHERE tenant = $3
  AND home IN (
    SELECT value
    FROM json_each($4))) i
GROUP BY home, kind, record_type;

SELECT id
FROM identity
WHERE tenant = $1
AND id IN (
  SELECT value
  FROM json_each($2))
ORDER BY namespace, match_key;

SELECT id, home, kind, namespace, match_key, value, raw_value
FROM identity
WHERE tenant = $1
AND home IN (
  SELECT value
  FROM json_each($2))
ORDER BY id;

UPDATE comment
SET home = $1
WHERE tenant = $2
AND home IN (
  SELECT value
  FROM json_each($3))
AND item IN (
  SELECT id
  FROM engagement
  WHERE tenant = $4
  AND home = $5
  UNION ALL
  SELECT id
  FROM page_view
  WHERE tenant = $6
  AND home = $7);

UPDATE contact
SET email = v.column2, phone_number = v.column3, deleted_at = v.column4, updated_at = v.column5
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6
  FROM jsonb_each($1)) AS v
WHERE contact.tenant = v.column6
AND contact.number = v.column1;

UPDATE engagement
SET home = $1
WHERE tenant = $2
AND home IN (
  SELECT value
  FROM json_each($3))
AND kind <> 7
AND identity IN (
  SELECT value
  FROM json_each($4));

UPDATE identity
SET contact = v.column2, home = v.column3
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4
  FROM jsonb_each($1)) AS v
WHERE identity.tenant = v.column4
AND identity.id = v.column1;

UPDATE page_view
SET home = $1
WHERE tenant = $2
AND home IN (
  SELECT value
  FROM json_each($3))
AND identity IN (
  SELECT value
  FROM json_each($4));
