SELECT h.floor, h.position, c.xid, c.seq, c.customer, c.position, c.kind, c.item, c.item_kind, c.other, c.other_position, c.detail, c.at
FROM customer_head h
LEFT
JOIN change c ON c.tenant = h.tenant
AND c.customer = h.number
AND c.position > $1
WHERE h.tenant = $2
AND h.number = $3
ORDER BY c.position
LIMIT $4;

SELECT s.number, s.position
FROM customer_head h
JOIN customer_head s ON s.tenant = h.tenant
AND s.number = COALESCE(h.merged_into, h.number)
WHERE h.tenant = $1
AND h.number = $2;
