SELECT hash
FROM file_content
WHERE tenant = $1
AND hash = ANY ($2)
ORDER BY hash FOR SHARE;
