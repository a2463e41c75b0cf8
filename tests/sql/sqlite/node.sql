SELECT "comment"."item", COUNT("comment"."id") AS "comments"
FROM "comment"
WHERE "comment"."tenant" = ?
AND ("comment"."item" IN (
    SELECT value
    FROM json_each(?)))
GROUP BY "comment"."item";

SELECT kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, record_type AS c1, text AS c2, data AS c3, state, state_at, duration, NULL AS c4, NULL AS c5, NULL AS c6, NULL AS c7
FROM engagement
WHERE +tenant = $1
AND id IN (
  SELECT value
  FROM json_each($2))
UNION ALL
SELECT CAST(4 AS SMALLINT) AS kind, id, home, occurred_at, recorded_at, channel, direction, identity, source, source_id, category AS c1, title AS c2, url AS c3, CAST(NULL AS SMALLINT) AS state, occurred_at AS state_at, CAST(NULL AS BIGINT) AS duration, object_id AS c4, session_id AS c5, description AS c6, correction AS c7
FROM page_view
WHERE +tenant = $3
AND id IN (
  SELECT value
  FROM json_each($4));
