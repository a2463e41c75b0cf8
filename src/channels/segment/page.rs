//! Viewed pages and screens: under which address, and what they are called. Pure.

use url::Url;

use crate::channels::segment::event::Event;
use crate::channels::segment::fields::fields;
use crate::channels::segment::kind::Kind;
use crate::channels::segment::values::text;
use crate::domain::history::record::NewBody;
use crate::error::UserError;

/// The view of a page or a screen.
///
/// # Errors
/// There is neither an address nor a name.
pub(super) fn view(kind: Kind, event: &Event<'_>) -> Result<NewBody, UserError> {
    const NAMES: [&str; 4] = ["url", "path", "title", "name"];
    let read = |raw: Option<&str>| {
        let found = raw.and_then(|raw| fields(raw, NAMES)).unwrap_or_default();
        found.map(|raw| raw.and_then(text))
    };
    let [url, path, title, own_name] = read(event.properties);
    let [page_url, page_path, page_title, _] = read(event.context.page);
    let name = event.name.and_then(text).or(own_name).or_else(|| event.title.and_then(text));
    let url = [url, page_url, path, page_path]
        .into_iter()
        .flatten()
        .find(|url| usable(url))
        .or_else(|| name.as_deref().map(path_of_name))
        .ok_or_else(|| {
            UserError::invalid(
                "a view has an address (properties.url, context.page.url or a path) or a name",
            )
            .at(["properties", "url"])
        })?;
    let title = title.or(page_title);
    Ok(NewBody::PageView {
        url,
        title: if kind == Kind::Screen { name.or(title) } else { title.or(name) },
        category: None,
        object_id: None,
        session_id: event.context.session_id.and_then(text),
        description: None,
    })
}

/// An address that is taken: of a website, or a path.
fn usable(url: &str) -> bool {
    if let Some(path) = url.strip_prefix('/') {
        return !path.starts_with('/');
    }
    let web = url.split_once("://").is_some_and(|(scheme, host)| {
        !host.starts_with('/')
            && ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
    });
    web && Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

/// `/Pricing%20%26%20Plans`
fn path_of_name(name: &str) -> String {
    let mut path = String::from("/");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push('%');
            path.push_str(&hex::encode_upper([byte]));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use crate::channels::segment::page::{path_of_name, usable};
    use crate::domain::tenant::page_rule::page_url;

    #[test]
    fn addresses_that_can_be_used() {
        for url in ["https://x.example/cars?a=1#b", "HTTP://x.example", "/cars/42", "/"] {
            assert!(usable(url) && page_url(url).is_ok(), "{url}");
        }
        for url in [
            "about:blank",
            "file:///home",
            "capacitor://localhost/cars",
            "//x.example",
            "https:///x",
            "https://",
            "https://[x",
            "cars",
        ] {
            assert!(!usable(url), "{url}");
        }
    }

    #[test]
    fn a_name_becomes_a_path() {
        for (name, path) in [
            ("Home", "/Home"),
            ("Pricing & Plans", "/Pricing%20%26%20Plans"),
            ("a/b", "/a%2Fb"),
            ("/", "/%2F"),
            ("Übersicht", "/%C3%9Cbersicht"),
        ] {
            assert_eq!(path_of_name(name), path);
            assert_eq!(page_url(path).as_deref(), Ok(path));
        }
    }
}
