//! Headers with a grammar of their own: encoded words (RFC 2047), and values with parameters (RFC 2045, 2231). Pure.

use mail_parser::parsers::MessageStream;

use crate::channels::mail::read;

/// A header of a value and parameters, such as `Content-Type`.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Structured {
    /// In lower case, `text/plain` or `attachment`.
    pub value: String,
    parameters: Vec<(String, String)>,
}

impl Structured {
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Encoded words decoded; as it is where that fails.
pub(super) fn words(value: &str) -> String {
    let text = read(value, |line| {
        let value = MessageStream::new(line).parse_unstructured();
        Some(value.as_text()?.to_owned())
    });
    text.unwrap_or_else(|| value.to_owned())
}

pub(super) fn structured(value: &str) -> Structured {
    // Some programs encode the whole of it.
    let value = if value.starts_with("=?") { words(value) } else { value.to_owned() };
    let parsed = read(&value, |line| {
        let parsed = MessageStream::new(line).parse_content_type();
        let parsed = parsed.as_content_type()?;
        let attributes = parsed.attributes.iter().flatten();
        Some(Structured {
            value: match parsed.subtype() {
                Some(subtype) => format!("{}/{subtype}", parsed.ctype()),
                None => parsed.ctype().to_owned(),
            },
            parameters: attributes
                .map(|one| (one.name.to_ascii_lowercase(), one.value.trim().to_owned()))
                .collect(),
        })
    });
    let mut structured = parsed.unwrap_or_default();
    let word = |text: &str| {
        let end = text.find(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '"'));
        text[..end.unwrap_or(text.len())].to_ascii_lowercase()
    };
    structured.value =
        if structured.value.is_empty() { word(&value) } else { word(&structured.value) };
    for name in ["boundary", "charset", "filename", "name"] {
        if structured.parameter(name).is_none()
            && let Some(found) = searched(&value, name)
        {
            structured.parameters.push((name.to_owned(), found));
        }
    }
    structured
}

/// A parameter of a header whose marks are not where they belong.
fn searched(value: &str, name: &str) -> Option<String> {
    let lower = value.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = from + lower[from..].find(name)?;
        from = at + name.len();
        let begins = lower[..at].ends_with(|c: char| c.is_whitespace() || matches!(c, ';' | ','));
        if let Some(rest) = value[from..].trim_start().strip_prefix('=').filter(|_| begins) {
            let rest = rest.trim_start();
            let found = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next(),
                None => rest.split(|c: char| c.is_whitespace() || c == ';').next(),
            };
            return found.filter(|found| !found.is_empty()).map(str::to_owned);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::channels::mail::headers::MailHeaders;

    #[test]
    fn parameters_are_found_where_the_header_is_broken() {
        for (value, kind, name, parameter) in [
            ("text/plain; charset=utf-8", "text/plain", "charset", Some("utf-8")),
            ("TEXT/HTML; Charset=\"UTF-8\"", "text/html", "charset", Some("UTF-8")),
            ("multipart/mixed\n\tboundary=\"b 1\"", "multipart/mixed", "boundary", Some("b 1")),
            (";\n filename=\"image.png\"", "", "filename", Some("image.png")),
            ("text", "text", "charset", None),
            (
                "attachment; filename*=UTF-8''na%C3%AFve.txt",
                "attachment",
                "filename",
                Some("naïve.txt"),
            ),
            (
                "a/b; filename*0=\"long\"; filename*1=\"er.txt\"",
                "a/b",
                "filename",
                Some("longer.txt"),
            ),
            ("a/b; name=\"=?utf-8?B?w6kucGRm?=\"", "a/b", "name", Some("é.pdf")),
            (
                "=?utf-8?Q?application/pdf;_name=3D\"a.pdf\"?=",
                "application/pdf",
                "name",
                Some("a.pdf"),
            ),
            ("", "", "name", None),
        ] {
            let (headers, _) = MailHeaders::split(format!("H: {value}\n\n").as_bytes());
            let read = headers.structured("h").unwrap_or_default();
            assert_eq!((read.value.as_str(), read.parameter(name)), (kind, parameter), "{value}");
        }
    }
}
