DELETE
FROM "person_card"
WHERE "person_card"."tenant" = ?
AND ("person_card"."customer" IN (
    SELECT value
    FROM json_each(?)));

DELETE
FROM search_term
WHERE tenant = $1
AND (home, term, field) IN (
  SELECT column1, column2, column3
  FROM (
    SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3
    FROM jsonb_each($2)) AS gone);

INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12, value ->> 12 AS column13, value ->> 13 AS column14, value ->> 14 AS column15, value ->> 15 AS column16, value ->> 16 AS column17
  FROM jsonb_each($1)) AS r
WHERE true;

INSERT INTO identity (tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12, value ->> 12 AS column13, value ->> 13 AS column14, value ->> 14 AS column15, value ->> 15 AS column16, value ->> 16 AS column17
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT (tenant, namespace, match_key)
DO UPDATE
SET match_key = excluded.match_key
RETURNING id;

INSERT INTO search_term (tenant, home, term, field, person, age)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT
DO NOTHING;

SELECT COALESCE(h.merged_into, h.number), h.number, i.kind, COUNT(i.id), (
  SELECT COUNT(*)
  FROM contact c
  WHERE c.tenant = $1
  AND c.home = h.number
  AND c.customer = COALESCE(h.merged_into, h.number)
  AND c.deleted_at IS NULL), NULL, NULL, NULL
FROM (
  SELECT tenant, number, merged_into
  FROM customer_head
  WHERE tenant = $2
  AND number IN (
    SELECT value
    FROM json_each($3))
  UNION
  SELECT tenant, number, merged_into
  FROM customer_head
  WHERE tenant = $4
  AND merged_into IN (
    SELECT value
    FROM json_each($5))) AS h
LEFT
JOIN identity i ON i.tenant = h.tenant
AND i.home = h.number
GROUP BY h.number, h.merged_into, i.kind
UNION ALL
SELECT COALESCE(h.merged_into, h.number), h.number, NULL, NULL, NULL, r.namespace, r.match_key, i.home
FROM (
  SELECT tenant, number, merged_into
  FROM customer_head
  WHERE tenant = $6
  AND number IN (
    SELECT value
    FROM json_each($7))
  UNION
  SELECT tenant, number, merged_into
  FROM customer_head
  WHERE tenant = $8
  AND merged_into IN (
    SELECT value
    FROM json_each($9))) AS h
JOIN removed_identity r ON r.tenant = h.tenant
AND r.home = h.number
AND r.rejected
LEFT
JOIN identity i ON i.tenant = r.tenant
AND i.namespace = r.namespace
AND i.match_key = r.match_key;

SELECT customer, number, email, phone_number
FROM contact
WHERE tenant = $1
AND customer = $2
AND deleted_at IS NULL
ORDER BY number;

SELECT number, merged_into, position, shape, list_seen, last_seen, last_inbound, last_outbound, counts
FROM customer_head
WHERE tenant = $1
AND number IN (
  SELECT value
  FROM json_each($2))
ORDER BY number;

UPDATE customer
SET name = v.column2, name_key = v.column3, name_at = v.column4, status = v.column5, stage = v.column6, tags = v.column7, traits = v.column8, trait_times = v.column9, updated_at = v.column10, own = v.column11, called = v.column12, stage_id = v.column13
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12, value ->> 12 AS column13, value ->> 13 AS column14
  FROM jsonb_each($1)) AS v
WHERE customer.tenant = v.column14
AND customer.number = v.column1;

UPDATE customer_head
SET merged_into = v.column3, position = v.column4, shape = v.column5, list_seen = v.column6, last_seen = v.column7, last_inbound = v.column8, last_outbound = v.column9, counts = v.column10
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10
  FROM jsonb_each($1)) AS v
WHERE customer_head.tenant = v.column1
AND customer_head.number = v.column2;

UPDATE identity
SET home = v.column2, contact = v.column3
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4
  FROM jsonb_each($1)) AS v
WHERE identity.tenant = v.column4
AND identity.id = v.column1;

UPDATE search_doc
SET words = words || $1
WHERE rowid = $2
AND scope = $3;

WITH i AS MATERIALIZED (
  SELECT CAST(0 AS BIGINT) AS n, y.id, y.home, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
  FROM identity y
  WHERE y.tenant = $1
  AND y.namespace = $2
  AND y.match_key = $3
  UNION ALL
  SELECT CAST(1 AS BIGINT) AS n, y.id, y.home, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
  FROM identity y
  WHERE y.tenant = $4
  AND y.namespace = $5
  AND y.match_key = $6)
SELECT i.n, i.id, i.home, i.contact, i.kind, i.verification, i.shared, i.last_seen, h.merged_into, h.shape, EXISTS (
  SELECT 1
  FROM link_evidence e
  WHERE e.tenant = $7
  AND e.b = i.id
  AND e.a = (
    SELECT MIN(o.id)
    FROM i o
    WHERE NOT o.shared)) AS paired, CAST(NULL AS TEXT) AS contacts, i.other_kinds
FROM i
LEFT
JOIN customer_head h ON h.tenant = $8
AND h.number = i.home
WHERE i.id IS NOT NULL
UNION ALL
SELECT g.column1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2
  FROM jsonb_each($9)) AS g
WHERE EXISTS (
  SELECT 1
  FROM erased_key x
  WHERE x.tenant = $10
  AND x.hash = g.column2);
