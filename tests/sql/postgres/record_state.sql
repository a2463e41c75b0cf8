UPDATE engagement
SET state = $1, state_at = $2, duration = $3, text = $4, data = $5, words = array_to_tsvector(string_to_array($6, ' '))
WHERE tenant = $7
AND id = $8;
