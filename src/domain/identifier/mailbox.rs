//! What stands around an email address: `Eve <eve@x.example>`, `mailto:`, quotes, a semicolon of a list.

use crate::domain::identifier::text::caseless;

/// What stands in front of an address, in lower case.
const LABELS: [&str; 7] = ["mailto", "email", "e-mail", "mail", "smtp", "to", "from"];

/// An address, and the name beside it.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Mailbox<'t> {
    pub address: &'t str,
    pub name: Option<&'t str>,
}

/// The address in a text, out of whatever plain wrapping it stands in. It need not be a good one.
pub(crate) fn unwrap(text: &str) -> Mailbox<'_> {
    let text = trim(text, false);
    if let Some((name, (address, ""))) =
        text.rsplit_once('<').map(|(name, tail)| (name, tail.split_once('>').unwrap_or((tail, ""))))
    {
        return Mailbox { address: bare(address), name: said(name) };
    }
    // Of old mail programs: `eve@x.example (Eve)`.
    if let Some((address, comment)) = text.strip_suffix(')').and_then(|text| text.split_once('('))
        && address.contains('@')
    {
        return Mailbox { address: bare(address), name: said(comment) };
    }
    Mailbox { address: bare(text), name: None }
}

/// Without quotes, brackets and the marks of a list; brackets around a domain that is a number are its own.
fn trim(text: &str, inner: bool) -> &str {
    let edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '\''
                    | '`'
                    | '´'
                    | '“'
                    | '”'
                    | '„'
                    | '‘'
                    | '’'
                    | '«'
                    | '»'
                    | ','
                    | ';'
                    | ':'
                    | '='
            )
            || (inner && matches!(c, '<' | '>' | '(' | ')' | '{' | '}'))
    };
    text.trim_matches(edge)
}

fn bare(text: &str) -> &str {
    let mut text = trim(text, true);
    if let Some((label, rest)) = text.split_once(':')
        && LABELS.contains(&caseless(label.trim()).as_str())
    {
        text = trim(rest.split('?').next().unwrap_or(rest), true);
    }
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    inner.unwrap_or(text)
}

fn said(name: &str) -> Option<&str> {
    let name = trim(name, true);
    (!name.is_empty() && !name.contains('@')).then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::domain::identifier::mailbox::{Mailbox, unwrap};

    #[test]
    fn an_address_is_taken_out_of_its_wrapping() {
        for (text, address, name) in [
            ("eve@x.example", "eve@x.example", None),
            ("<eve@x.example>", "eve@x.example", None),
            ("eve@x.example;", "eve@x.example", None),
            (" eve@x.example, ", "eve@x.example", None),
            ("\"eve@x.example\"", "eve@x.example", None),
            ("'eve@x.example'", "eve@x.example", None),
            ("'eve@x.example", "eve@x.example", None),
            ("“eve@x.example”", "eve@x.example", None),
            ("(eve@x.example)", "eve@x.example", None),
            ("[eve@x.example]", "eve@x.example", None),
            ("mailto:eve@x.example", "eve@x.example", None),
            ("MAILTO:eve@x.example?subject=Hi", "eve@x.example", None),
            ("<mailto:eve@x.example>", "eve@x.example", None),
            ("E-Mail: eve@x.example", "eve@x.example", None),
            ("SMTP:Eve@x.example", "Eve@x.example", None),
            ("Eve <eve@x.example>", "eve@x.example", Some("Eve")),
            ("\"Doe, Eve\" <eve@x.example>;", "eve@x.example", Some("Doe, Eve")),
            ("'eve@x.example' <eve@x.example>", "eve@x.example", None),
            ("Eve <eve@x.example", "eve@x.example", Some("Eve")),
            ("eve@x.example (Eve Doe)", "eve@x.example", Some("Eve Doe")),
            ("o'reilly@x.example", "o'reilly@x.example", None),
            ("a@[127.0.0.1]", "a@[127.0.0.1]", None),
        ] {
            assert_eq!(unwrap(text), Mailbox { address, name }, "{text}");
        }
    }
}
