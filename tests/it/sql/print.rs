//! Statements as people read them: a line for each clause, indented by its depth.

/// Where a line begins. Longer ones first, so that `ORDER BY` is not taken for something else.
const CLAUSES: &[&str] = &[
    "LEFT JOIN",
    "CROSS JOIN",
    "JOIN",
    "FROM",
    "WHERE",
    "AND",
    "UNION ALL",
    "UNION",
    "EXCEPT",
    "GROUP BY",
    "HAVING",
    "ORDER BY",
    "LIMIT",
    "ON CONFLICT",
    "DO UPDATE SET",
    "DO NOTHING",
    "SET",
    "RETURNING",
    "SELECT",
    "FOR UPDATE",
];

pub fn pretty(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut lines, mut line) = (Vec::new(), String::new());
    let (mut depth, mut quoted, mut at) = (0, None, 0);
    while at < words.len() {
        let rest = &words[at..];
        let sign = rest.chars().next().expect("there is more");
        let starts = !line.is_empty() && words[..at].ends_with([' ', '(']);
        let clause = |clause: &&&str| {
            rest.strip_prefix(**clause)
                .is_some_and(|end| end.is_empty() || end.starts_with([' ', '(']))
        };
        if quoted.is_none() && starts && CLAUSES.iter().find(clause).is_some() {
            lines.push(line.trim_end().to_string());
            line = "  ".repeat(depth);
        }
        match (quoted, sign) {
            (None, '\'' | '"') => quoted = Some(sign),
            (Some(mark), sign) if mark == sign => quoted = None,
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        line.push(sign);
        at += sign.len_utf8();
    }
    lines.push(line.trim_end().to_string());
    // A clause that begins a line right behind the one before it.
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

#[test]
fn each_clause_has_a_line_of_its_own() {
    let text =
        "SELECT a, (SELECT b FROM c) FROM  d WHERE e = 'x AND y' AND f = ANY ($1) ORDER BY a";
    let lines = [
        "SELECT a, (",
        "  SELECT b",
        "  FROM c)",
        "FROM d",
        "WHERE e = 'x AND y'",
        "AND f = ANY ($1)",
        "ORDER BY a",
    ];
    assert_eq!(pretty(text), lines.join("\n"));
}
