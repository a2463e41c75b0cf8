SELECT ('[' || (
    SELECT group_concat(json_array(kind, id, home, occurred_at, 0, channel, direction, NULL, '', NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL))
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $1
      AND kind IN (
        SELECT value
        FROM json_each($2))
      ORDER BY occurred_at DESC, id DESC
      LIMIT $3)) || ']');

SELECT COUNT(*)
FROM (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $1
    AND kind IN (
      SELECT value
      FROM json_each($2))
    ORDER BY occurred_at DESC, id DESC
    LIMIT $3) AS e) AS counted;
