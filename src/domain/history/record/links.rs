//! Addresses as they are sent, and as they can be kept. Pure.

use std::fmt::Write as _;

use url::Url;

use crate::domain::tenant::page_rule::URL_CHARS;

/// An address, and in words what was mended of it.
pub(super) type MendedUrl = (String, Vec<&'static str>);

/// An address without control characters, with blanks and the like encoded.
pub(super) fn mended_url(url: &str) -> MendedUrl {
    let (mut mended, mut what) = (String::with_capacity(url.len()), Vec::new());
    let url = url.trim();
    if url.contains(char::is_control) {
        what.push("control characters were taken out of the address");
    }
    if url.contains(must_encode) {
        what.push("blanks and the like were encoded in the address");
    }
    for c in url.chars().filter(|c| !c.is_control()) {
        if must_encode(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // A string takes everything that is written.
                let _ = write!(mended, "%{byte:02X}");
            }
        } else {
            mended.push(c);
        }
    }
    (mended, what)
}

/// The address of a page: without a user's name and password, and where it is too long without its end, the fragment
/// first and then the query.
pub(super) fn mended_page(url: &str) -> MendedUrl {
    let (mut url, mut what) = mended_url(url);
    if let Ok(mut parsed) = Url::parse(&url)
        && (!parsed.username().is_empty() || parsed.password().is_some())
        && parsed.set_username("").is_ok()
        && parsed.set_password(None).is_ok()
    {
        url = parsed.into();
        what.push("user name and password were taken out of the address");
    }
    if url.chars().nth(URL_CHARS).is_some() {
        what.push("the address was cut: it has at most 2,048 characters");
        for separator in ['#', '?'] {
            if url.chars().nth(URL_CHARS).is_some()
                && let Some(at) = url.find(separator)
            {
                url.truncate(at);
            }
        }
        if let Some((end, _)) = url.char_indices().nth(URL_CHARS) {
            url.truncate(end);
        }
    }
    (url, what)
}

fn must_encode(c: char) -> bool {
    !c.is_control() && (c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\'))
}

#[cfg(test)]
mod tests {
    use crate::domain::history::record::links::{mended_page, mended_url};
    use crate::domain::tenant::page_rule::page_url;

    #[test]
    fn addresses_are_kept_as_they_came_where_they_can_be() {
        for (given, kept, warnings) in [
            ("https://a.example/x?q=%20", "https://a.example/x?q=%20", 0),
            (" /cars/a b ", "/cars/a%20b", 1),
            ("https://a.example/\r\nx\u{a0}y", "https://a.example/x%C2%A0y", 2),
            ("/a<b>\"c\\", "/a%3Cb%3E%22c%5C", 1),
        ] {
            let (url, what) = mended_url(given);
            assert_eq!((url.as_str(), what.len()), (kept, warnings), "{given:?}");
        }
    }

    #[test]
    fn a_page_s_address_loses_its_end_and_what_is_secret() {
        let long = "x".repeat(2_048);
        for (given, kept) in [
            (format!("/cars/42?{long}"), "/cars/42".to_owned()),
            (format!("/cars/42?q=1#{long}"), "/cars/42?q=1".to_owned()),
            (format!("/{long}"), format!("/{}", &long[1..])),
            ("https://me:secret@a.example/x".into(), "https://a.example/x".into()),
        ] {
            let (url, what) = mended_page(&given);
            assert_eq!((url.as_str(), what.len()), (kept.as_str(), 1));
            assert_eq!(page_url(&url), Ok(url));
        }
    }
}
