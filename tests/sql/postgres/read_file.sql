SELECT f.name, f.content_type, f.size, f.hash, f.source, f.reference, c.object
FROM file f
LEFT
JOIN file_content c ON c.tenant = f.tenant
AND c.hash = f.hash
WHERE f.tenant = $1
AND f.id = $2;
