INSERT INTO change (tenant, customer, position, kind, item, item_kind, at)
SELECT r.column5, r.column1, held.position - r.column2, $1, r.column3, r.column4, $2
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5
  FROM jsonb_each($3)) AS r
JOIN customer_head held ON held.tenant = r.column5
AND held.number = r.column1
ORDER BY r.column3;

INSERT INTO item_words (rowid, words, scope)
SELECT r.column1, r.column2, r.column3
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3
  FROM jsonb_each($1)) AS r
WHERE true;

SELECT CAST(0 AS BIGINT), h.number, h.merged_into, h.shape, s.shape, (EXISTS (
    SELECT 1
    FROM engagement e
    WHERE e.tenant = $1
    AND e.source = $2
    AND e.source_id = $3
    AND e.source_id IS NOT NULL) OR EXISTS (
    SELECT 1
    FROM deleted_item e
    WHERE e.tenant = $4
    AND e.source = $5
    AND e.source_id = $6
    AND NOT e.page_view)), y.id, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds
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

UPDATE customer_head
SET position = customer_head.position + v.column3, list_seen = CASE WHEN v.column4 IS NULL THEN customer_head.list_seen WHEN customer_head.last_seen IS NULL
AND customer_head.shape = 0 THEN v.column4 ELSE COALESCE(MAX(customer_head.list_seen, v.column4), customer_head.list_seen, v.column4) END, last_seen = COALESCE(MAX(customer_head.last_seen, v.column5), customer_head.last_seen, v.column5), last_inbound = COALESCE(MAX(customer_head.last_inbound, v.column6), customer_head.last_inbound, v.column6), last_outbound = COALESCE(MAX(customer_head.last_outbound, v.column7), customer_head.last_outbound, v.column7), counts = CASE WHEN v.column8 IS NOT NULL THEN json_set(customer_head.counts, v.column8, json_array(COALESCE(json_extract(customer_head.counts, v.column8 || '[0]'), 0) + v.column9, MAX(COALESCE(json_extract(customer_head.counts, v.column8 || '[1]'), v.column10), v.column10))) WHEN v.column11 IS NULL THEN customer_head.counts ELSE json_patch(customer_head.counts, (
    SELECT json_group_object(g.key, json_array(COALESCE((
            SELECT o.value ->> 0
            FROM json_each(customer_head.counts) AS o
            WHERE o.key = g.key), 0) + (g.value ->> 0), MAX(COALESCE((
              SELECT o.value ->> 1
              FROM json_each(customer_head.counts) AS o
              WHERE o.key = g.key), g.value ->> 1), g.value ->> 1)))
    FROM json_each(v.column11) AS g)) END
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12
  FROM jsonb_each($1)) AS v
WHERE customer_head.tenant = v.column12
AND customer_head.number = v.column1
AND customer_head.shape = v.column2;
