SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
FROM engagement
WHERE tenant = $1
AND occurred_at > $2
AND kind = $3
AND state = $4
AND (direction IS NULL OR direction <> $5)
ORDER BY occurred_at DESC, id DESC
LIMIT $6;
