//! Lines and columns of places in a document's text.

use crate::graphql::document::Location;

/// Where the lines of a text begin.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Lines end with `\n`, `\r\n` or `\r`, as the specification has it.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends =
            |n: usize| bytes[n] == b'\n' || bytes[n] == b'\r' && bytes.get(n + 1) != Some(&b'\n');
        let starts = (0..bytes.len()).filter(|n| ends(*n)).map(|n| n + 1);
        Lines { text, starts: std::iter::once(0).chain(starts).collect() }
    }

    /// The place of a byte.
    pub fn location(&self, byte: usize) -> Location {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts[line - 1];
        let before = self.text.get(start..byte).unwrap_or_default();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Location { line: count(line), column: count(before.chars().count() + 1) }
    }
}

#[cfg(test)]
mod tests {
    use crate::graphql::document::Location;
    use crate::graphql::document::lines::Lines;

    #[test]
    fn every_line_break_counts_once_and_columns_are_code_points() {
        let text = "a\nb\r\nc\rüx\n";
        let lines = Lines::new(text);
        let at = |byte| {
            let Location { line, column } = lines.location(byte);
            (line, column)
        };
        assert_eq!([at(0), at(2), at(5), at(7), at(9)], [(1, 1), (2, 1), (3, 1), (4, 1), (4, 2)]);
        assert_eq!(at(text.len()), (5, 1));
        assert_eq!(at(999), (5, 1));
    }
}
