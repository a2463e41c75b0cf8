SELECT h.column1, (
  SELECT array_agg(line)
  FROM (
    SELECT (occurred_at + $1) / 86400000000 AS day, channel, COUNT(*) AS items
    FROM engagement
    WHERE tenant = $2
    AND home = h.column1
    AND occurred_at >= $3
    AND occurred_at < $4
    GROUP BY 1, 2
    UNION ALL
    SELECT (occurred_at + $5) / 86400000000 AS day, channel, COUNT(*) AS items
    FROM page_view
    WHERE tenant = $6
    AND home = h.column1
    AND occurred_at >= $7
    AND occurred_at < $8
    GROUP BY 1, 2) AS line)
FROM (
  SELECT u1 AS column1
  FROM unnest($9::bigint[]) AS u(u1)) AS h;

SELECT s.number, k.card, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, CASE WHEN s.shape > 0 THEN (
  SELECT CAST(json_agg(json_build_array(m.number, m.counts, m.last_inbound, m.last_outbound)
      ORDER BY m.number) AS TEXT)
  FROM customer_head m
  WHERE m.tenant = $1
  AND m.merged_into = s.number) END
FROM customer_head s
LEFT
JOIN person_card k ON k.tenant = s.tenant
AND k.customer = s.number
WHERE s.tenant = $2
AND s.list_seen IS NOT NULL
ORDER BY s.list_seen DESC, s.number DESC
LIMIT $3;
