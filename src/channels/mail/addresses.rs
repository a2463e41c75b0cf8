//! The addresses of a mail, and which of them are the company's own. Pure.

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address, HeaderValue};

use crate::channels::mail::read;

/// So many addresses of one header are read.
const MOST: usize = 500;

/// An address that could be one, and the name beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mailbox {
    pub name: Option<String>,
    pub address: String,
}

impl Mailbox {
    /// Nothing where the address can be none.
    pub fn new(name: Option<&str>, address: &str) -> Option<Mailbox> {
        let edge = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | ',' | ';');
        let address = address.trim_matches(edge);
        let (local, domain) = address.rsplit_once('@')?;
        if local.is_empty() || domain.is_empty() {
            return None;
        }
        let name = name.map(|name| name.trim_matches(edge)).filter(|name| !name.is_empty());
        let name = name.filter(|name| !name.eq_ignore_ascii_case(address));
        Some(Mailbox { name: name.map(str::to_owned), address: address.to_owned() })
    }
}

/// The addresses of a header such as `From`, encoded words and groups resolved. What is no address is left out.
pub fn mailboxes(header: &str) -> Vec<Mailbox> {
    let parsed = read(header, |line| match MessageStream::new(line).parse_address() {
        HeaderValue::Address(Address::List(list)) => Some(owned(list)),
        HeaderValue::Address(Address::Group(groups)) => {
            Some(owned(groups.into_iter().flat_map(|group| group.addresses).collect()))
        }
        _ => None,
    });
    let (mut found, mut before) = (Vec::new(), Vec::new());
    for (name, address) in parsed.unwrap_or_default().into_iter().take(MOST) {
        if address.is_empty() && !name.contains('@') {
            // `Doe, Jane <jane@x.example>` without the quotes that it needs.
            before.push(name);
            continue;
        }
        before.push(name);
        let name = before.join(", ");
        before.clear();
        found.extend(match address.as_str() {
            "" => written(&name),
            address => Mailbox::new(Some(&name), address),
        });
    }
    if found.is_empty() { written(header).into_iter().collect() } else { found }
}

fn owned(list: Vec<Addr<'_>>) -> Vec<(String, String)> {
    let text = |text: Option<std::borrow::Cow<'_, str>>| text.unwrap_or_default().into_owned();
    list.into_iter().map(|one| (text(one.name), text(one.address))).collect()
}

/// The address in a text that follows no rule.
fn written(text: &str) -> Option<Mailbox> {
    if let Some((name, rest)) = text.rsplit_once('<') {
        let address = rest.split('>').next().unwrap_or(rest);
        if let Some(found) = Mailbox::new(Some(name), address) {
            return Some(found);
        }
    }
    let split = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')');
    text.split(split).find_map(|word| Mailbox::new(None, word))
}

/// Whether an address is among the company's own: `support@x.com`, or `@x.com` for all of a domain.
pub fn is_own(own: &[String], address: &str) -> bool {
    let address = folded(address);
    let domain = address.rfind('@').map_or("", |at| &address[at..]);
    let own = own.iter().map(|own| folded(own)).filter(|own| own.contains('@'));
    own.into_iter().any(|own| own == address || own == domain)
}

/// In lower case, the domain in ASCII.
fn folded(address: &str) -> String {
    let address = address.trim().to_lowercase();
    let Some((local, domain)) = address.rsplit_once('@') else { return address };
    match idna::domain_to_ascii(domain) {
        Ok(ascii) => format!("{local}@{ascii}"),
        Err(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use crate::channels::mail::addresses::{is_own, mailboxes};

    #[test]
    fn addresses_are_found_in_what_programs_write() {
        for (header, found) in [
            ("jane@x.example", vec![(None, "jane@x.example")]),
            ("Jane Doe <jane@x.example>", vec![(Some("Jane Doe"), "jane@x.example")]),
            ("\"Doe, Jane\" <jane@x.example>", vec![(Some("Doe, Jane"), "jane@x.example")]),
            ("Doe, Jane <jane@x.example>", vec![(Some("Doe, Jane"), "jane@x.example")]),
            ("jane@x.example (Jane Doe)", vec![(Some("Jane Doe"), "jane@x.example")]),
            ("'jane@x.example' <jane@x.example>", vec![(None, "jane@x.example")]),
            ("\"jane@x.example\" <jane@x.example>", vec![(None, "jane@x.example")]),
            ("Jane <jane@x.example", vec![(Some("Jane"), "jane@x.example")]),
            (
                "=?UTF-8?Q?J=C3=A4ne_D=C3=B6?= <jane@x.example>",
                vec![(Some("Jäne Dö"), "jane@x.example")],
            ),
            (
                "=?utf-8?B?SsOkbmUgPGphbmVAeC5leGFtcGxlPg==?=",
                vec![(Some("Jäne"), "jane@x.example")],
            ),
            (
                "a@x.example, B <b@x.example>,, ;c@x.example",
                vec![(None, "a@x.example"), (Some("B"), "b@x.example"), (None, "c@x.example")],
            ),
            ("Team: a@x.example, b@x.example;", vec![(None, "a@x.example"), (None, "b@x.example")]),
            ("undisclosed-recipients:;", vec![]),
            ("Jane", vec![]),
            ("Jane <>", vec![]),
            ("<@>", vec![]),
            ("", vec![]),
        ] {
            let boxes = mailboxes(header);
            let all: Vec<(Option<&str>, &str)> =
                boxes.iter().map(|one| (one.name.as_deref(), one.address.as_str())).collect();
            assert_eq!(all, found, "{header}");
        }
    }

    #[test]
    fn own_addresses_are_those_of_the_source() {
        let own = ["support@x.example".to_owned(), "@münchen.example".to_owned()];
        for (address, is) in [
            ("support@x.example", true),
            ("Support@X.Example", true),
            ("sales@x.example", false),
            ("anybody@münchen.example", true),
            ("anybody@XN--MNCHEN-3YA.example", true),
            ("anybody@sub.münchen.example", false),
            ("support@x.example.org", false),
            ("nobody", false),
            ("", false),
        ] {
            assert_eq!(is_own(&own, address), is, "{address}");
        }
        assert!(!is_own(&[], "support@x.example") && !is_own(&[String::new()], "nobody"));
    }
}
