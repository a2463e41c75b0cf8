SELECT 1
FROM file_removal
WHERE due_at <= $1
LIMIT 1;
