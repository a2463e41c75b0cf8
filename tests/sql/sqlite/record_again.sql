SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
FROM engagement
WHERE tenant = $1
AND source_id IS NOT NULL
AND (source, source_id) IN (
  SELECT column1, column2
  FROM (
    SELECT value ->> 0 AS column1, value ->> 1 AS column2
    FROM json_each($2)) AS w);

SELECT merged_into
FROM customer_head
WHERE tenant = $1
AND merged_into IS NOT NULL
AND number IN (
  SELECT value
  FROM json_each($2));
