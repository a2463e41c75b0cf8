INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12, value ->> 12 AS column13, value ->> 13 AS column14, value ->> 14 AS column15, value ->> 15 AS column16, value ->> 16 AS column17
  FROM jsonb_each($1)) AS r
WHERE true
AND NOT EXISTS (
  SELECT 1
  FROM deleted_item d
  WHERE d.tenant = r.column1
  AND d.source = r.column10
  AND d.source_id = r.column11
  AND NOT d.page_view)
ON CONFLICT (tenant, source, source_id)
WHERE source_id IS NOT NULL
DO NOTHING
RETURNING id;

SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
FROM engagement
WHERE tenant = $1
AND source_id IS NOT NULL
AND (source, source_id) IN (
  SELECT column1, column2
  FROM (
    SELECT value ->> 0 AS column1, value ->> 1 AS column2
    FROM jsonb_each($2)) AS w);

SELECT merged_into
FROM customer_head
WHERE tenant = $1
AND merged_into IS NOT NULL
AND number IN (
  SELECT value
  FROM json_each($2));

WITH i AS MATERIALIZED (
  SELECT CAST(0 AS BIGINT) AS n, y.id, y.home, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
  FROM identity y
  WHERE y.tenant = $1
  AND y.namespace = $2
  AND y.match_key = $3)
SELECT i.n, i.id, i.home, i.contact, i.kind, i.verification, i.shared, i.last_seen, h.merged_into, h.shape, EXISTS (
  SELECT 1
  FROM link_evidence e
  WHERE e.tenant = $4
  AND e.b = i.id
  AND e.a = (
    SELECT MIN(o.id)
    FROM i o
    WHERE NOT o.shared)) AS paired, CAST(NULL AS TEXT) AS contacts, i.other_kinds
FROM i
LEFT
JOIN customer_head h ON h.tenant = $5
AND h.number = i.home
WHERE i.id IS NOT NULL
UNION ALL
SELECT g.column1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2
  FROM jsonb_each($6)) AS g
WHERE EXISTS (
  SELECT 1
  FROM erased_key x
  WHERE x.tenant = $7
  AND x.hash = g.column2);
