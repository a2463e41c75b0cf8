SELECT ('[' || (
    SELECT group_concat(json_array(kind, id, home, occurred_at, 0, channel, direction, NULL, '', NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL))
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $1
      AND home = $2
      AND occurred_at >= $3
      AND occurred_at < $4
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
      FROM page_view
      WHERE tenant = $5
      AND home = $6
      AND occurred_at >= $7
      AND occurred_at < $8
      UNION ALL
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $9
      AND home = $10
      AND occurred_at >= $11
      AND occurred_at < $12
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
      FROM page_view
      WHERE tenant = $13
      AND home = $14
      AND occurred_at >= $15
      AND occurred_at < $16
      ORDER BY occurred_at DESC, id DESC
      LIMIT $17)) || ']');

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
    AND occurred_at >= $3
    AND occurred_at < $4
    ORDER BY occurred_at DESC, id DESC
    LIMIT $5) AS e
  UNION ALL
  SELECT *
  FROM (
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
    FROM page_view
    WHERE tenant = $6
    AND home IN (
      SELECT value
      FROM json_each($7))
    AND occurred_at >= $8
    AND occurred_at < $9
    ORDER BY occurred_at DESC, id DESC
    LIMIT $10) AS v) AS counted;
