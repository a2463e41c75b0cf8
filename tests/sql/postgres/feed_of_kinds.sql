SELECT (
  SELECT array_agg(line)
  FROM (
    SELECT *
    FROM (
      SELECT kind, id, home, occurred_at, channel, direction
      FROM engagement
      WHERE tenant = $1
      AND kind = ANY ($2)
      ORDER BY occurred_at DESC, id DESC
      LIMIT $3) AS e
    ORDER BY occurred_at DESC, id DESC
    LIMIT $4) AS line);

SELECT COUNT(*)
FROM (
  SELECT *
  FROM (
    SELECT kind, id, home, occurred_at, channel, direction
    FROM engagement
    WHERE tenant = $1
    AND kind = ANY ($2)
    ORDER BY occurred_at DESC, id DESC
    LIMIT $3) AS e) AS counted;
