SELECT "identity"."tenant", "identity"."id", "identity"."namespace", "identity"."match_key", "identity"."home", "identity"."contact", "identity"."kind", "identity"."value", "identity"."raw_value", "identity"."verification", "identity"."shared", "identity"."source", "identity"."actor", "identity"."first_seen", "identity"."last_seen", "identity"."other_kinds", "identity"."reread_in"
FROM "identity"
WHERE "identity"."tenant" = ?
AND "identity"."namespace" = ?
AND "identity"."match_key" = ?;

SELECT "merge_edge"."tenant", "merge_edge"."id", "merge_edge"."a", "merge_edge"."b", "merge_edge"."active", "merge_edge"."rule", "merge_edge"."from_identity", "merge_edge"."to_identity", "merge_edge"."source", "merge_edge"."actor", "merge_edge"."reason", "merge_edge"."at", "merge_edge"."undone_at", "merge_edge"."undone_by"
FROM "merge_edge"
WHERE "merge_edge"."tenant" = ?
AND "merge_edge"."a" IN (
  SELECT "customer_head"."number"
  FROM "customer_head"
  WHERE "customer_head"."tenant" = ?
  AND "customer_head"."number" = ?
  UNION ALL
  SELECT "customer_head"."number"
  FROM "customer_head"
  WHERE "customer_head"."tenant" = ?
  AND "customer_head"."merged_into" = ?)
AND "merge_edge"."b" IN (
  SELECT "customer_head"."number"
  FROM "customer_head"
  WHERE "customer_head"."tenant" = ?
  AND "customer_head"."number" = ?
  UNION ALL
  SELECT "customer_head"."number"
  FROM "customer_head"
  WHERE "customer_head"."tenant" = ?
  AND "customer_head"."merged_into" = ?);

SELECT i.id, COALESCE(h.merged_into, h.number)
FROM identity i
JOIN customer_head h ON h.tenant = i.tenant
AND h.number = i.home
WHERE i.tenant = $1
AND i.id IN (
  SELECT value
  FROM json_each($2));

WITH mine AS (
  SELECT id, home
  FROM identity
  WHERE tenant = $1
  AND home IN (
    SELECT number
    FROM customer_head
    WHERE tenant = $2
    AND number = $3
    UNION ALL
    SELECT number
    FROM customer_head
    WHERE tenant = $4
    AND merged_into = $5)
  UNION ALL
  SELECT id, home
  FROM removed_identity
  WHERE tenant = $6
  AND home IN (
    SELECT number
    FROM customer_head
    WHERE tenant = $7
    AND number = $8
    UNION ALL
    SELECT number
    FROM customer_head
    WHERE tenant = $9
    AND merged_into = $10))
SELECT e.a, e.b, e.rule, e.source, e.actor, e.at, x.home, y.home
FROM mine x
JOIN link_evidence e ON e.tenant = $11
AND e.a = x.id
JOIN mine y ON y.id = e.b
WHERE e.a <> e.b
UNION ALL
SELECT id, id, CAST(1 AS SMALLINT), '', NULL, 0, home, home
FROM mine;
