DELETE
FROM item_words
WHERE rowid IN (
  SELECT value
  FROM json_each($1));

UPDATE engagement
SET state = $1, state_at = $2, duration = $3, text = $4, data = $5
WHERE tenant = $6
AND id = $7;
