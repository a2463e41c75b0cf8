INSERT INTO erased_key (tenant, hash, at)
SELECT r.column1, r.column2, r.column3
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3
  FROM jsonb_each($1)) AS r
WHERE true
ON CONFLICT (tenant, hash)
DO NOTHING;
