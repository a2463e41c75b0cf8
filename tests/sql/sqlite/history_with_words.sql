SELECT ('[' || (
    SELECT group_concat(json_array(kind, id, home, occurred_at, 0, channel, direction, NULL, '', NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL))
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $1
      AND home = $2
      AND id IN (
        SELECT rowid
        FROM item_words
        WHERE item_words MATCH $3)
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
      FROM page_view
      WHERE tenant = $4
      AND home = $5
      AND id IN (
        SELECT rowid
        FROM item_words
        WHERE item_words MATCH $6)
      UNION ALL
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $7
      AND home = $8
      AND id IN (
        SELECT rowid
        FROM item_words
        WHERE item_words MATCH $9)
      UNION ALL
      SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
      FROM page_view
      WHERE tenant = $10
      AND home = $11
      AND id IN (
        SELECT rowid
        FROM item_words
        WHERE item_words MATCH $12)
      ORDER BY occurred_at DESC, id DESC
      LIMIT $13)) || ']');

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
    AND id IN (
      SELECT rowid
      FROM item_words
      WHERE item_words MATCH $3)
    ORDER BY occurred_at DESC, id DESC
    LIMIT $4) AS e
  UNION ALL
  SELECT *
  FROM (
    SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, channel, direction
    FROM page_view
    WHERE tenant = $5
    AND home IN (
      SELECT value
      FROM json_each($6))
    AND id IN (
      SELECT rowid
      FROM item_words
      WHERE item_words MATCH $7)
    ORDER BY occurred_at DESC, id DESC
    LIMIT $8) AS v) AS counted;
