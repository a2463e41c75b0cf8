SELECT w.column1, w.column2, w.column3
FROM (
  SELECT value ->> 0 AS column1, value ->> 1 AS column2, value ->> 2 AS column3
  FROM jsonb_each($1)) AS w
JOIN deleted_item d ON d.tenant = $2
AND d.source = w.column2
AND d.source_id = w.column3
AND d.page_view = (w.column1 = 1);
