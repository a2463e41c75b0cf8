INSERT INTO link_review (tenant, id, state, rule, message, homes, identities, pair, source, actor, at, decided_at, decided_by)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12, value ->> 12 AS column13
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT (tenant, pair)
WHERE state = 1
DO UPDATE
SET pair = excluded.pair
RETURNING id;

SELECT "link_review"."tenant", "link_review"."id", "link_review"."state", "link_review"."rule", "link_review"."message", "link_review"."homes", "link_review"."identities", "link_review"."pair", "link_review"."source", "link_review"."actor", "link_review"."at", "link_review"."decided_at", "link_review"."decided_by"
FROM "link_review"
WHERE "link_review"."tenant" = ?
AND "link_review"."id" = ?;
