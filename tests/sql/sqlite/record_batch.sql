SELECT k.column1, h.number, h.merged_into, h.shape, s.shape, (EXISTS (
    SELECT 1
    FROM (
      SELECT value ->> 0 AS column1, value ->> 1 AS column2
      FROM jsonb_each($1)) AS w
    CROSS
    JOIN engagement e
    WHERE e.tenant = $2
    AND e.source = w.column1
    AND e.source_id = w.column2
    AND e.source_id IS NOT NULL) OR EXISTS (
    SELECT 1
    FROM (
      SELECT value ->> 0 AS column1, value ->> 1 AS column2
      FROM jsonb_each($3)) AS w
    CROSS
    JOIN deleted_item e
    WHERE e.tenant = $4
    AND e.source = w.column1
    AND e.source_id = w.column2
    AND NOT e.page_view)), y.id, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3
  FROM jsonb_each($5)) AS k
CROSS
JOIN identity y
CROSS
JOIN customer_head h
LEFT
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = h.merged_into
WHERE h.tenant = y.tenant
AND h.number = y.home
AND y.tenant = $6
AND y.namespace = k.column2
AND y.match_key = k.column3;

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
  AND y.match_key = $6
  UNION ALL
  SELECT CAST(2 AS BIGINT) AS n, y.id, y.home, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
  FROM identity y
  WHERE y.tenant = $7
  AND y.namespace = $8
  AND y.match_key = $9)
SELECT i.n, i.id, i.home, i.contact, i.kind, i.verification, i.shared, i.last_seen, h.merged_into, h.shape, EXISTS (
  SELECT 1
  FROM link_evidence e
  WHERE e.tenant = $10
  AND e.b = i.id
  AND e.a = (
    SELECT MIN(o.id)
    FROM i o
    WHERE NOT o.shared)) AS paired, CAST(NULL AS TEXT) AS contacts, i.other_kinds
FROM i
LEFT
JOIN customer_head h ON h.tenant = $11
AND h.number = i.home
WHERE i.id IS NOT NULL
UNION ALL
SELECT g.column1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2
  FROM jsonb_each($12)) AS g
WHERE EXISTS (
  SELECT 1
  FROM erased_key x
  WHERE x.tenant = $13
  AND x.hash = g.column2);
