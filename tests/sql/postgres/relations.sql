SELECT "link_evidence"."tenant", "link_evidence"."a", "link_evidence"."b", "link_evidence"."rule", "link_evidence"."source", "link_evidence"."actor", "link_evidence"."at"
FROM "link_evidence"
WHERE "link_evidence"."tenant" = $1
AND ("link_evidence"."a" = ANY ($2))
UNION (
  SELECT "link_evidence"."tenant", "link_evidence"."a", "link_evidence"."b", "link_evidence"."rule", "link_evidence"."source", "link_evidence"."actor", "link_evidence"."at"
  FROM "link_evidence"
  WHERE "link_evidence"."tenant" = $3
  AND ("link_evidence"."b" = ANY ($4)));

SELECT DISTINCT id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by
FROM (
  SELECT e.*, ROW_NUMBER() OVER (PARTITION BY home
    ORDER BY id DESC) AS n
  FROM (
    SELECT id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by, a AS home
    FROM merge_edge
    WHERE tenant = $1
    AND a = ANY ($2)
    UNION ALL
    SELECT id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by, b AS home
    FROM merge_edge
    WHERE tenant = $3
    AND b = ANY ($4)) AS e) AS x
WHERE n <= $5
ORDER BY id DESC;

SELECT a.home, b.person
FROM search_term a
JOIN search_term b ON b.tenant = a.tenant
AND b.term = a.term
AND b.field = a.field
AND b.home <> a.home
WHERE a.tenant = $1
AND a.field = $2
AND a.home = ANY ($3)
ORDER BY 1, 2
LIMIT 2000;
