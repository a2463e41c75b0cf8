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

WITH held AS (UPDATE customer_head
  SET position = customer_head.position + v.column3, list_seen = CASE WHEN v.column4 IS NULL THEN customer_head.list_seen WHEN customer_head.last_seen IS NULL
  AND customer_head.shape = 0 THEN v.column4 ELSE GREATEST(customer_head.list_seen, v.column4) END, last_seen = GREATEST(customer_head.last_seen, v.column5), last_inbound = GREATEST(customer_head.last_inbound, v.column6), last_outbound = GREATEST(customer_head.last_outbound, v.column7), counts = CASE WHEN v.column8 IS NOT NULL THEN (
    SELECT CAST(jsonb_set(o.counts, ARRAY[v.column8], jsonb_build_array(COALESCE(CAST(o.counts -> v.column8 ->> 0 AS BIGINT), 0) + v.column9, GREATEST(CAST(o.counts -> v.column8 ->> 1 AS BIGINT), v.column10))) AS TEXT)
    FROM (
      SELECT CAST(customer_head.counts AS JSONB) AS counts OFFSET 0) AS o) WHEN v.column11 IS NOT NULL THEN (
    SELECT CAST(o.counts || jsonb_object_agg(g.key, jsonb_build_array(COALESCE(CAST(o.counts -> g.key ->> 0 AS BIGINT), 0) + CAST(g.value ->> 0 AS BIGINT), GREATEST(CAST(o.counts -> g.key ->> 1 AS BIGINT), CAST(g.value ->> 1 AS BIGINT)))) AS TEXT)
    FROM (
      SELECT CAST(customer_head.counts AS JSONB) AS counts OFFSET 0) AS o
    CROSS
    JOIN jsonb_each(CAST(v.column11 AS JSONB)) AS g
    GROUP BY o.counts) ELSE customer_head.counts END
  FROM (
    SELECT $1::bigint AS column1, $2::bigint AS column2, $3::bigint AS column3, $4::bigint AS column4, $5::bigint AS column5, $6::bigint AS column6, $7::bigint AS column7, $8::text AS column8, $9::bigint AS column9, $10::bigint AS column10, $11::text AS column11, $12::bigint AS column12) AS v
  WHERE customer_head.tenant = v.column12
  AND customer_head.number = v.column1
  AND customer_head.shape = v.column2
  RETURNING customer_head.number, customer_head.position), w0 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
  FROM (
    SELECT $13::bigint AS column1, $14::bigint AS column2, $15::bigint AS column3, $16::bigint AS column4, $17::bigint AS column5, $18::smallint AS column6, $19::smallint AS column7, $20::smallint AS column8, $21::bigint AS column9, $22::text AS column10, $23::text AS column11, $24::text AS column12, $25::smallint AS column13, $26::bigint AS column14, $27::bigint AS column15, $28::text AS column16, $29::text AS column17, array_to_tsvector(string_to_array($30::text, ' ')) AS column18) AS r
  WHERE true), w1 AS (INSERT INTO change (tenant, customer, position, kind, item, item_kind, at)
  SELECT r.column5, r.column1, held.position - r.column2, $31::smallint, r.column3, r.column4, $32::bigint
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5
    FROM unnest($33::bigint[], $34::bigint[], $35::bigint[], $36::smallint[], $37::bigint[]) AS u(u1, u2, u3, u4, u5)) AS r
  JOIN held ON held.number = r.column1
  ORDER BY r.column3)
SELECT CAST(CASE WHEN (
    SELECT COUNT(*)
    FROM held) = $38 THEN '1' ELSE 'somebody else wrote to a customer meanwhile: rapport tries again' END AS BIGINT);
