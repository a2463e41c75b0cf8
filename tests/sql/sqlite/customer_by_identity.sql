SELECT *
FROM identity
WHERE tenant = $1
AND home = $2
ORDER BY id
LIMIT $3;
