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
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, NULLIF(u4, -9223372036854775808) AS column4, NULLIF(u5, -9223372036854775808) AS column5, NULLIF(u6, -9223372036854775808) AS column6, NULLIF(u7, -9223372036854775808) AS column7, NULLIF(u8, '￿￾') AS column8, NULLIF(u9, -9223372036854775808) AS column9, NULLIF(u10, -9223372036854775808) AS column10, NULLIF(u11, '￿￾') AS column11, u12 AS column12
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::bigint[], $10::bigint[], $11::text[], $12::bigint[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12)) AS v
  WHERE customer_head.tenant = v.column12
  AND customer_head.number = v.column1
  AND customer_head.shape = v.column2
  RETURNING customer_head.number, customer_head.position), w0 AS (INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, identity, source, source_id, record_type, state, state_at, duration, text, data, words)
  SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18
  FROM (
    SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6, u7 AS column7, NULLIF(u8, (-32768)::smallint) AS column8, NULLIF(u9, -9223372036854775808) AS column9, u10 AS column10, NULLIF(u11, '￿￾') AS column11, NULLIF(u12, '￿￾') AS column12, NULLIF(u13, (-32768)::smallint) AS column13, u14 AS column14, NULLIF(u15, -9223372036854775808) AS column15, NULLIF(u16, '￿￾') AS column16, NULLIF(u17, '￿￾') AS column17, array_to_tsvector(string_to_array(NULLIF(u18, '￿￾'), ' ')) AS column18
    FROM unnest($13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::smallint[], $19::smallint[], $20::smallint[], $21::bigint[], $22::text[], $23::text[], $24::text[], $25::smallint[], $26::bigint[], $27::bigint[], $28::text[], $29::text[], $30::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16, u17, u18)) AS r
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
