SELECT '[' || (
  SELECT group_concat(json_array(kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, c1, c2, c3, state, state_at, duration, c4, c5, c6))
  FROM (
    SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6
    FROM engagement
    WHERE tenant = $1
    AND kind IN (
      SELECT value
      FROM json_each($2))
    ORDER BY occurred_at DESC, id DESC
    LIMIT $3)) || ']';

SELECT COUNT(*)
FROM (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6
    FROM engagement
    WHERE tenant = $1
    AND kind IN (
      SELECT value
      FROM json_each($2))
    ORDER BY occurred_at DESC, id DESC
    LIMIT $3) AS e) AS counted;
