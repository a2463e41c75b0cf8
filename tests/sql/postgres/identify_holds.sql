INSERT INTO link_review (tenant, id, state, rule, message, homes, identities, pair, source, actor, at, decided_at, decided_by)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3, u4 AS column4, u5 AS column5, u6 AS column6, u7 AS column7, u8 AS column8, u9 AS column9, NULLIF(u10, '￿￾') AS column10, u11 AS column11, NULLIF(u12, -9223372036854775808) AS column12, NULLIF(u13, '￿￾') AS column13
  FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::text[]) AS u(u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13)) AS r
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
