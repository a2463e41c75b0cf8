SELECT "contact"."tenant", "contact"."number", "contact"."home", "contact"."customer", "contact"."email", "contact"."phone_number", "contact"."linked_id", "contact"."link_precedence", "contact"."created_at", "contact"."updated_at", "contact"."deleted_at"
FROM "contact"
WHERE "contact"."tenant" = ?
AND "contact"."customer" = ?
AND "contact"."deleted_at" IS NULL
ORDER BY "contact"."number" ASC;

SELECT number, merged_into
FROM customer_head
WHERE tenant = $1
AND merged_into IN (
  SELECT value
  FROM json_each($2));

SELECT number, merged_into
FROM customer_head
WHERE tenant = $1
AND number IN (
  SELECT value
  FROM json_each($2));

SELECT s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (
  SELECT NULLIF(json_group_array(json_array(m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen)
      ORDER BY m.number), '[]')
  FROM customer_head m
  JOIN customer mc ON mc.tenant = m.tenant
  AND mc.number = m.number
  WHERE m.tenant = s.tenant
  AND m.merged_into = s.number) END
FROM customer_head s
JOIN customer c ON c.tenant = s.tenant
AND c.number = s.number
WHERE s.tenant = $1
AND s.number = $2;
