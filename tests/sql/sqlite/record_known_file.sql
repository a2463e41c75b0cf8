SELECT hash
FROM file_content
WHERE tenant = $1
AND hash IN (
  SELECT value
  FROM json_each($2))
ORDER BY hash;
