SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
FROM engagement
WHERE tenant = $1
AND source_id IS NOT NULL
AND (source, source_id) IN (
  SELECT column1, column2
  FROM (
    SELECT u1 AS column1, u2 AS column2
    FROM unnest($2::text[], $3::text[]) AS u(u1, u2)) AS w)
ORDER BY id
FOR UPDATE;

SELECT merged_into
FROM customer_head
WHERE tenant = $1
AND merged_into IS NOT NULL
AND number = ANY ($2);
