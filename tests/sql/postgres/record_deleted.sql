SELECT w.column1, w.column2, w.column3
FROM (
  SELECT u1 AS column1, u2 AS column2, u3 AS column3
  FROM unnest($1::bigint[], $2::text[], $3::text[]) AS u(u1, u2, u3)) AS w
JOIN deleted_item d ON d.tenant = $4
AND d.source = w.column2
AND d.source_id = w.column3
AND d.page_view = (w.column1 = 1);
