//! The words of a page's address.

use std::borrow::Cow;

/// The text of an address whose words are indexed: all but its scheme, as it is written and, where that differs, as it
/// is read (`caf%C3%A9` is `café`).
pub fn address_text(url: &str) -> String {
    let bare = without_schemes(url);
    match readable(&bare) {
        Cow::Borrowed(_) => bare.into_owned(),
        Cow::Owned(read) => format!("{bare}\n{read}"),
    }
}

/// A text without the schemes of addresses in it: they are words of every page.
pub(super) fn without_schemes(text: &str) -> Cow<'_, str> {
    if text.contains("://") {
        text.replace("https://", " ").replace("http://", " ").into()
    } else {
        text.into()
    }
}

/// An address with the characters for which its escapes stand; what is no UTF-8 stays escaped.
pub fn readable(url: &str) -> Cow<'_, str> {
    if !url.contains('%') {
        return url.into();
    }
    let (mut read, mut rest) = (Vec::with_capacity(url.len()), url.as_bytes());
    while let Some((first, others)) = rest.split_first() {
        let escaped =
            (*first == b'%').then(|| others.first_chunk::<2>().copied().and_then(byte)).flatten();
        read.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &others[2..] } else { others };
    }
    match String::from_utf8(read) {
        Ok(read) => read.replace(char::is_control, " ").into(),
        Err(_) => url.into(),
    }
}

fn byte(digits: [u8; 2]) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|n| u8::try_from(n).ok());
    Some(digit(digits[0])? * 16 + digit(digits[1])?)
}

#[cfg(test)]
mod tests {
    use crate::domain::text::address::{address_text, readable};
    use crate::domain::text::{asked_words, fts_words};

    #[test]
    fn escapes_are_read() {
        for (url, read) in [
            ("/caf%C3%A9/x", "/café/x"),
            ("/caf%c3%a9", "/café"),
            ("/100%", "/100%"),
            ("/%zz%4", "/%zz%4"),
            ("/%FF", "/%FF"),
            ("/a%00b%0Ac", "/a b c"),
            ("/%e6%9d%b1%e4%ba%ac", "/東京"),
            ("/plain", "/plain"),
        ] {
            assert_eq!(readable(url), read, "{url}");
        }
    }

    #[test]
    fn a_page_is_found_by_words_of_its_address_and_by_all_of_it() {
        let url = "https://Shop.example.com/red-shoes/caf%C3%A9?color=Dark%20Red#top";
        let words = fts_words(&address_text(url));
        assert!(!words.contains(&"https".to_owned()), "{words:?}");
        let finds = |typed: &str| {
            asked_words(typed).iter().all(|asked| words.iter().any(|word| asked.is(word)))
        };
        for typed in [
            url,
            "http://shop.example.com",
            "red shoes",
            "café",
            "cafe",
            "shop.example.com/red-sh",
            "color dark",
            "see https://shop.example.com/red-shoes",
        ] {
            assert_eq!(finds(typed), !typed.starts_with("see"), "{typed}");
        }
        assert!(!finds("blue shoes"));
    }
}
