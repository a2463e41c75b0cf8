DELETE
FROM "identity"
WHERE "identity"."tenant" = ?
AND "identity"."id" = ?;

INSERT INTO removed_identity (tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in, removed_at, removed_by, rejected)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10, r.column11, r.column12, r.column13, r.column14, r.column15, r.column16, r.column17, r.column18, r.column19, r.column20
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10, value ->> 10 AS column11, value ->> 11 AS column12, value ->> 12 AS column13, value ->> 13 AS column14, value ->> 14 AS column15, value ->> 15 AS column16, value ->> 16 AS column17, value ->> 17 AS column18, value ->> 18 AS column19, value ->> 19 AS column20
  FROM jsonb_each($1)) AS r
WHERE true;

SELECT "removed_identity"."tenant", "removed_identity"."id", "removed_identity"."namespace", "removed_identity"."match_key", "removed_identity"."home", "removed_identity"."contact", "removed_identity"."kind", "removed_identity"."value", "removed_identity"."raw_value", "removed_identity"."verification", "removed_identity"."shared", "removed_identity"."source", "removed_identity"."actor", "removed_identity"."first_seen", "removed_identity"."last_seen", "removed_identity"."other_kinds", "removed_identity"."reread_in", "removed_identity"."removed_at", "removed_identity"."removed_by", "removed_identity"."rejected"
FROM "removed_identity"
WHERE "removed_identity"."tenant" = ?
AND ("removed_identity"."home" IN (
    SELECT value
    FROM json_each(?)))
ORDER BY "removed_identity"."id" DESC
LIMIT ?;

SELECT "removed_identity"."tenant", "removed_identity"."id", "removed_identity"."namespace", "removed_identity"."match_key", "removed_identity"."home", "removed_identity"."contact", "removed_identity"."kind", "removed_identity"."value", "removed_identity"."raw_value", "removed_identity"."verification", "removed_identity"."shared", "removed_identity"."source", "removed_identity"."actor", "removed_identity"."first_seen", "removed_identity"."last_seen", "removed_identity"."other_kinds", "removed_identity"."reread_in", "removed_identity"."removed_at", "removed_identity"."removed_by", "removed_identity"."rejected"
FROM "removed_identity"
WHERE "removed_identity"."tenant" = ?
AND ("removed_identity"."id" IN (
    SELECT value
    FROM json_each(?)));
