INSERT INTO page_view (tenant, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, url, title, category, object_id, session_id, description, correction)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12, value ->> 12 AS column13, value ->> 13 AS column14, value ->> 14 AS column15, value ->> 15 AS column16, value ->> 16 AS column17
  FROM jsonb_each($1)) AS r
WHERE true;

SELECT CAST(0 AS BIGINT), h.number, h.merged_into, h.shape, s.shape, FALSE, y.id, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
FROM identity y
CROSS
JOIN customer_head h
LEFT
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = h.merged_into
WHERE h.tenant = y.tenant
AND h.number = y.home
AND y.tenant = $1
AND y.namespace = $2
AND y.match_key = $3;

SELECT CAST(0 AS BIGINT), h.number, h.merged_into, h.shape, s.shape, (EXISTS (
    SELECT 1
    FROM page_view e
    WHERE e.tenant = $1
    AND e.source = $2
    AND e.source_id = $3
    AND e.source_id IS NOT NULL) OR EXISTS (
    SELECT 1
    FROM deleted_item e
    WHERE e.tenant = $4
    AND e.source = $5
    AND e.source_id = $6
    AND e.page_view)), y.id, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
FROM identity y
CROSS
JOIN customer_head h
LEFT
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = h.merged_into
WHERE h.tenant = y.tenant
AND h.number = y.home
AND y.tenant = $7
AND y.namespace = $8
AND y.match_key = $9;
