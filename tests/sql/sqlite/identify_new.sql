INSERT INTO change (tenant, customer, position, kind, item, item_kind, other, other_position, detail, at)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10
  FROM jsonb_each($1)) AS r
WHERE true;

INSERT INTO contact (tenant, number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at, deleted_at)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11
  FROM jsonb_each($1)) AS r
WHERE true;

INSERT INTO customer (tenant, number, name, name_key, name_at, status, stage, tags, traits, trait_times, created_at, updated_at, own, called, stage_id)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12, value ->> 12 AS column13, value ->> 13 AS column14, value ->> 14 AS column15
  FROM jsonb_each($1)) AS r
WHERE true;

INSERT INTO customer_head (tenant, number, merged_into, position, shape, floor, list_seen, last_seen, last_inbound, last_outbound, counts)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11
  FROM jsonb_each($1)) AS r
WHERE true;

INSERT INTO customer_trait (tenant, name, value, number)
SELECT r.column1, r.column2, r.column3, r.column4
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT
DO NOTHING;

INSERT INTO identity (tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12, value ->> 12 AS column13, value ->> 13 AS column14, value ->> 14 AS column15, value ->> 15 AS column16, value ->> 16 AS column17
  FROM jsonb_each($1)) AS r
WHERE true;

INSERT INTO link_evidence (tenant, a, b, rule, source, actor, at)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT (tenant, a, b)
DO NOTHING;

INSERT INTO person_card (tenant, customer, position, card)
SELECT r.column1, r.column2, r.column3, r.column4
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4
  FROM jsonb_each($1)) AS r
WHERE true;

INSERT INTO search_doc (rowid, words, scope)
SELECT r.column1, r.column2, r.column3
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3
  FROM jsonb_each($1)) AS r
WHERE true;

INSERT INTO search_term (tenant, home, term, field, person, age)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6
  FROM jsonb_each($1)) AS r
WHERE true;

INSERT INTO tenant (name, settings, settings_version, floor_xid, floor_seq, created_at, rereading)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT (name)
DO NOTHING;

SELECT "tenant"."id", "tenant"."name", "tenant"."settings", "tenant"."settings_version", "tenant"."floor_xid", "tenant"."floor_seq", "tenant"."created_at", "tenant"."rereading"
FROM "tenant"
WHERE "tenant"."id" = ?;

SELECT "tenant"."id", "tenant"."name", "tenant"."settings", "tenant"."settings_version", "tenant"."floor_xid", "tenant"."floor_seq", "tenant"."created_at", "tenant"."rereading"
FROM "tenant"
WHERE "tenant"."name" = ?;

SELECT h.number, s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT NULLIF(json_group_array(json_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number), '[]')
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END
FROM customer_head h
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = COALESCE(h.merged_into, h.number)
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
WHERE h.tenant = $1
AND h.number = $2;

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
    WHERE NOT o.shared)) AS paired, CASE WHEN i.n = 0 THEN (
  SELECT NULLIF(json_group_array(json_array(o.number, o.email, o.phone_number)
      ORDER BY o.number), '[]')
  FROM contact o
  WHERE o.tenant = $8
  AND o.customer = COALESCE(h.merged_into, h.number)
  AND o.deleted_at IS NULL) END AS contacts, i.other_kinds
FROM i
LEFT
JOIN customer_head h ON h.tenant = $9
AND h.number = i.home
WHERE i.id IS NOT NULL
UNION ALL
SELECT g.column1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2
  FROM jsonb_each($10)) AS g
WHERE EXISTS (
  SELECT 1
  FROM erased_key x
  WHERE x.tenant = $11
  AND x.hash = g.column2)
AND (
  SELECT COUNT(i.id)
  FROM i) < $12;
