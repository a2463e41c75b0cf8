SELECT ('[' || (
    SELECT group_concat(json_array(id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in))
    FROM (
      SELECT id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen, other_kinds, reread_in
      FROM identity
      WHERE tenant = $1
      AND home = $2
      ORDER BY id
      LIMIT $3)) || ']');
