SELECT id, at, actor, action, customer, request_id, detail
FROM audit
WHERE tenant = $1
ORDER BY id DESC
LIMIT $2;

SELECT id, at, actor, action, customer, request_id, detail
FROM audit
WHERE tenant = $1
AND customer IN (
  SELECT value
  FROM json_each($2))
ORDER BY id DESC
LIMIT $3;
