SELECT TRUE, c.xid, c.seq, c.customer, c.position, c.kind, c.item, c.item_kind, c.other, c.other_position, c.detail, c.at
FROM change c
WHERE c.tenant = $1
AND (c.xid, c.seq) > ($2, $3)
ORDER BY c.xid, c.seq
LIMIT $4;
