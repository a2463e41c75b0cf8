SELECT ('[' || (
    SELECT group_concat(json_array(kind, id, home, occurred_at, 0, channel, direction, NULL, '', NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL))
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $1
      AND home = $2
      AND (data ->> '$.record_state') IN (
        SELECT value
        FROM json_each($3))
      AND source IN (
        SELECT value
        FROM json_each($4))
      UNION ALL
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $5
      AND home = $6
      AND (data ->> '$.record_state') IN (
        SELECT value
        FROM json_each($7))
      AND source IN (
        SELECT value
        FROM json_each($8))
      ORDER BY occurred_at DESC, id DESC
      LIMIT $9)) || ']');

SELECT COUNT(*)
FROM (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $1
    AND home IN (
      SELECT value
      FROM json_each($2))
    AND (data ->> '$.record_state') IN (
      SELECT value
      FROM json_each($3))
    AND source IN (
      SELECT value
      FROM json_each($4))
    ORDER BY occurred_at DESC, id DESC
    LIMIT $5) AS e) AS counted;
