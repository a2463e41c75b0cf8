SELECT ('[' || (
    SELECT group_concat(json_array(kind, id, home, occurred_at, 0, channel, direction, NULL, '', NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL))
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $1
      AND home = $2
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
      FROM page_view
      WHERE tenant = $3
      AND home = $4
      UNION ALL
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $5
      AND home = $6
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
      FROM page_view
      WHERE tenant = $7
      AND home = $8
      ORDER BY occurred_at ASC, id ASC
      LIMIT $9)) || ']');
