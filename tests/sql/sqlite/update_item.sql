SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
FROM engagement
WHERE tenant = $1
AND id = $2;

UPDATE engagement
SET occurred_at = $1, text = $2, data = $3
WHERE tenant = $4
AND id = $5;
