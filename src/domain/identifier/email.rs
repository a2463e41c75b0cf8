//! Email addresses: one form for all spellings of one address, and no opinion on which of them exist.

use std::net::IpAddr;

use crate::domain::identifier::mailbox;
use crate::domain::identifier::text::{at_most, canonical, caseless, invisible};
use crate::error::UserError;

/// RFC 5321's longest path, in characters.
const EMAIL_CHARS: usize = 254;

/// (match key, shown value): both in lower case; an international domain is ASCII (`xn--…`) in the key and Unicode in
/// the value, whichever of the two was sent. A plain wrapping (`<…>`, `mailto:…`, a name beside it) is taken away.
///
/// A domain without a dot is taken (`a@b`), and so is nearly every local part without blanks: servers take more than
/// RFC 5322 says. Dots and plus tags are kept; see [`suggestion_key`].
///
/// # Errors
/// Not exactly one `@`, an empty side, blanks inside, a mark in the local part that only quotes may hold, a domain that
/// cannot be one, more than 254 characters.
pub(crate) fn parse(value: &str) -> Result<(String, String), UserError> {
    let visible: String = value.chars().filter(|c| !invisible(*c)).collect();
    let text = canonical(&visible);
    let text = caseless(mailbox::unwrap(&text).address);
    if text.contains(char::is_whitespace) {
        return Err(UserError::invalid("an email has no blanks inside"));
    }
    if text.contains(char::is_control) || text.contains(invisible) {
        return Err(UserError::invalid("an email has no control characters"));
    }
    let (local, domain) =
        text.split_once('@').ok_or_else(|| UserError::invalid("an email has an @"))?;
    if domain.contains('@') {
        return Err(UserError::invalid("an email has exactly one @"));
    }
    if local.is_empty() || domain.is_empty() {
        return Err(UserError::invalid("an email has a name before and a domain after the @"));
    }
    if local.contains(['<', '>', '(', ')', '[', ']', ',', ';', ':', '\\', '"']) {
        return Err(UserError::invalid("an email has no brackets, commas, colons or quotes"));
    }
    at_most(&text, EMAIL_CHARS, "an email has at most 254 characters")?;
    let (ascii, unicode) = domain_forms(domain)?;
    let key = format!("{local}@{ascii}");
    at_most(&key, EMAIL_CHARS, "an email has at most 254 characters")?;
    Ok((key, format!("{local}@{unicode}")))
}

fn domain_forms(domain: &str) -> Result<(String, String), UserError> {
    let wrong = || UserError::invalid("the domain of the email is not valid");
    let ascii = match idna::domain_to_ascii(domain) {
        Ok(ascii) => ascii,
        // What looks like punycode and is none still is somebody's text.
        Err(_) if domain.is_ascii() => domain.to_owned(),
        Err(_) => return Err(wrong()),
    };
    let ascii = ascii.strip_suffix('.').unwrap_or(&ascii).to_owned();
    if !can_be_a_domain(&ascii) {
        return Err(wrong());
    }
    let unicode = match idna::domain_to_unicode(&ascii) {
        (unicode, Ok(())) => unicode,
        (_, Err(_)) => ascii.clone(),
    };
    Ok((ascii, unicode))
}

/// Labels of letters, digits, hyphens inside, and the underscores that some have; or a number in brackets.
fn can_be_a_domain(ascii: &str) -> bool {
    if let Some(number) = ascii.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return number.strip_prefix("ipv6:").unwrap_or(number).parse::<IpAddr>().is_ok();
    }
    ascii.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    })
}

/// Addresses that probably reach one mailbox have one key: plus tags dropped, and for Gmail the dots. Good for a
/// suggestion to a person, never for a link by itself. Nothing where the key says no more than the address.
pub(crate) fn suggestion_key(match_key: &str) -> Option<String> {
    let (local, domain) = match_key.split_once('@')?;
    let gmail = matches!(domain, "gmail.com" | "googlemail.com");
    let name = local.split_once('+').map_or(local, |(name, _)| name);
    let name = if gmail { name.replace('.', "") } else { name.to_owned() };
    let domain = if gmail { "gmail.com" } else { domain };
    if name.is_empty() { None } else { Some(format!("{name}@{domain}")) }
}

#[cfg(test)]
mod tests {
    use crate::domain::identifier::email::{parse, suggestion_key};

    #[test]
    fn spellings_of_one_address_have_one_key() {
        for (sent, key, value) in [
            ("a@b", "a@b", "a@b"),
            ("McFly@HillValley.edu", "mcfly@hillvalley.edu", "mcfly@hillvalley.edu"),
            ("ｍｃｆｌｙ＠hillvalley．edu", "mcfly@hillvalley.edu", "mcfly@hillvalley.edu"),
            ("mc\u{200b}fly@hillvalley.edu", "mcfly@hillvalley.edu", "mcfly@hillvalley.edu"),
            ("doc@hillvalley.edu.", "doc@hillvalley.edu", "doc@hillvalley.edu"),
            ("Doc.Brown+1885@gmail.com", "doc.brown+1885@gmail.com", "doc.brown+1885@gmail.com"),
            ("info@MÜNCHEN.example", "info@xn--mnchen-3ya.example", "info@münchen.example"),
            ("info@xn--mnchen-3ya.example", "info@xn--mnchen-3ya.example", "info@münchen.example"),
            ("info@例え。テスト", "info@xn--r8jz45g.xn--zckzah", "info@例え.テスト"),
            ("stanisław.wójcik@wp.pl", "stanisław.wójcik@wp.pl", "stanisław.wójcik@wp.pl"),
            ("ΟΔΟΣ@b.gr", "οδοσ@b.gr", "οδοσ@b.gr"),
            ("οδος@b.gr", "οδοσ@b.gr", "οδοσ@b.gr"),
            (
                "o'reilly_%x@sub_domain.example",
                "o'reilly_%x@sub_domain.example",
                "o'reilly_%x@sub_domain.example",
            ),
            ("a@[127.0.0.1]", "a@[127.0.0.1]", "a@[127.0.0.1]"),
            ("a@[IPv6:::1]", "a@[ipv6:::1]", "a@[ipv6:::1]"),
            ("Eve <Eve@X.example>", "eve@x.example", "eve@x.example"),
            ("mailto:eve@x.example;", "eve@x.example", "eve@x.example"),
            ("a@xn--999999999", "a@xn--999999999", "a@xn--999999999"),
        ] {
            assert_eq!(parse(sent), Ok((key.to_owned(), value.to_owned())), "{sent}");
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        let long = format!("{}@b.example", "a".repeat(250));
        for (sent, message) in [
            ("mcfly", "an email has an @"),
            ("@b", "an email has a name before and a domain after the @"),
            ("a@", "an email has a name before and a domain after the @"),
            ("a@b@c", "an email has exactly one @"),
            ("a b@c", "an email has no blanks inside"),
            ("a@b\u{3000}c", "an email has no blanks inside"),
            ("a@.", "the domain of the email is not valid"),
            ("a@example..com", "the domain of the email is not valid"),
            ("a@.example.com", "the domain of the email is not valid"),
            ("a@-example.com", "the domain of the email is not valid"),
            ("a@example-.com", "the domain of the email is not valid"),
            ("a@example,com", "the domain of the email is not valid"),
            ("a@example.com/x", "the domain of the email is not valid"),
            ("a@exa$mple.com", "the domain of the email is not valid"),
            ("a@[example]", "the domain of the email is not valid"),
            ("a@b.example,c@d.example", "an email has exactly one @"),
            ("a@b.example; c@d.example", "an email has no blanks inside"),
            ("a,b@c.example", "an email has no brackets, commas, colons or quotes"),
            ("skype:a@c.example", "an email has no brackets, commas, colons or quotes"),
            (&long, "an email has at most 254 characters"),
        ] {
            assert_eq!(
                parse(sent).map_err(|error| error.message),
                Err(message.to_owned()),
                "{sent}"
            );
        }
    }

    #[test]
    fn suggestions_fold_dots_and_tags() {
        for (key, suggestion) in [
            ("doc.brown+1885@gmail.com", Some("docbrown@gmail.com")),
            ("docbrown@googlemail.com", Some("docbrown@gmail.com")),
            ("doc.brown+x@hillvalley.edu", Some("doc.brown@hillvalley.edu")),
            ("+tag@gmail.com", None),
        ] {
            assert_eq!(suggestion_key(key).as_deref(), suggestion, "{key}");
        }
    }
}
