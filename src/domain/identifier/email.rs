//! Email addresses: one form for all spellings of one address, and no opinion on which of them exist.

use crate::domain::identifier::text::{at_most, canonical, caseless, invisible};
use crate::error::UserError;

/// RFC 5321's longest path, in characters.
const EMAIL_CHARS: usize = 254;

/// (match key, shown value): both in lower case; an international domain is ASCII (`xn--…`) in the key and Unicode in
/// the value, whichever of the two was sent.
///
/// A domain without a dot is taken (`a@b`), and so is every local part without blanks: servers take more than RFC 5322
/// says. Dots and plus tags are kept; see [`suggestion_key`].
///
/// # Errors
/// Not exactly one `@`, an empty side, blanks inside, a domain that cannot be one, more than 254 characters.
pub(crate) fn parse(value: &str) -> Result<(String, String), UserError> {
    let visible: String = value.chars().filter(|c| !invisible(*c)).collect();
    let text = caseless(&canonical(&visible));
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
    let ascii = ascii.trim_end_matches('.').to_owned();
    if ascii.is_empty() || ascii.contains('@') {
        return Err(wrong());
    }
    let unicode = match idna::domain_to_unicode(&ascii) {
        (unicode, Ok(())) => unicode,
        (_, Err(_)) => ascii.clone(),
    };
    Ok((ascii, unicode))
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
