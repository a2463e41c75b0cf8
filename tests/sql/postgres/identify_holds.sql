INSERT INTO link_review (tenant, id, state, rule, message, homes, identities, pair, source, actor, at, decided_at, decided_by)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13
FROM (
  SELECT $1::bigint AS column1, $2::bigint AS column2, $3::smallint AS column3, $4::text AS column4, $5::text AS column5, $6::text AS column6, $7::text AS column7, $8::text AS column8, $9::text AS column9, $10::text AS column10, $11::bigint AS column11, $12::bigint AS column12, $13::text AS column13) AS r
WHERE true
ON CONFLICT (tenant, pair)
WHERE state = 1
DO UPDATE
SET pair = excluded.pair
RETURNING id;

SELECT "link_review"."tenant", "link_review"."id", "link_review"."state", "link_review"."rule", "link_review"."message", "link_review"."homes", "link_review"."identities", "link_review"."pair", "link_review"."source", "link_review"."actor", "link_review"."at", "link_review"."decided_at", "link_review"."decided_by"
FROM "link_review"
WHERE "link_review"."tenant" = $1
AND "link_review"."id" = $2;
