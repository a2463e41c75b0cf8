DELETE
FROM "newest_items"
WHERE "newest_items"."tenant" = ?
AND ("newest_items"."customer" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM customer_trait
WHERE tenant = $1
AND (name, value, number) IN (
  SELECT column1, column2, column3
  FROM (
    SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3
    FROM jsonb_each($2)) AS gone);

INSERT INTO merge_edge (tenant, id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12, value ->> 12 AS column13, value ->> 13 AS column14
  FROM jsonb_each($1)) AS r
WHERE true;

SELECT "keep_apart"."tenant", "keep_apart"."id", "keep_apart"."a", "keep_apart"."b", "keep_apart"."actor", "keep_apart"."at", "keep_apart"."lifted_at", "keep_apart"."lifted_by"
FROM "keep_apart"
WHERE "keep_apart"."tenant" = ?
AND "keep_apart"."lifted_at" IS NULL
AND ("keep_apart"."a" IN (
    SELECT value
    FROM json_each(?)))
UNION
SELECT "keep_apart"."tenant", "keep_apart"."id", "keep_apart"."a", "keep_apart"."b", "keep_apart"."actor", "keep_apart"."at", "keep_apart"."lifted_at", "keep_apart"."lifted_by"
FROM "keep_apart"
WHERE "keep_apart"."tenant" = ?
AND "keep_apart"."lifted_at" IS NULL
AND ("keep_apart"."b" IN (
    SELECT value
    FROM json_each(?)));

UPDATE contact
SET customer = v.column2, linked_id = v.column2, link_precedence = 2, updated_at = v.column3
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4
  FROM jsonb_each($1)) AS v
WHERE contact.tenant = v.column4
AND contact.customer = v.column1;

UPDATE search_term
SET person = v.column3
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3
  FROM jsonb_each($1)) AS v
WHERE search_term.tenant = v.column1
AND search_term.home = v.column2;
