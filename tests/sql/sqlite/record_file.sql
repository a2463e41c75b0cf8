INSERT INTO file_removal (tenant, object, due_at, begun)
SELECT r.column1, r.column2, r.column3, r.column4
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4
  FROM jsonb_each($1)) AS r
WHERE true;

SELECT hash
FROM file_content
WHERE tenant = $1
AND hash IN (
  SELECT value
  FROM json_each($2));

DELETE
FROM file_removal
WHERE tenant = $1
AND NOT begun
AND object IN (
  SELECT value
  FROM json_each($2));

INSERT INTO file (tenant, id, item, hash, source, reference, name, content_type, size, created_at)
SELECT r.column1, r.column2, r.column3, r.column4, r.column5, r.column6, r.column7, r.column8, r.column9, r.column10
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4, value ->> 4 AS column5, value ->> 5 AS column6, value ->> 6 AS column7, value ->> 7 AS column8, value ->> 8 AS column9, value ->> 9 AS column10
  FROM jsonb_each($1)) AS r
WHERE true;

INSERT INTO file_content (tenant, hash, object, size)
SELECT r.column1, r.column2, r.column3, r.column4
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3, value ->> 3 AS column4
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT (tenant, hash)
DO UPDATE
SET size = excluded.size
RETURNING object;
