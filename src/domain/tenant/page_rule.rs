//! What a page is about, by its address: category and object of a page view. And which addresses are taken at all.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::UserError;

/// The longest address, in characters.
pub const URL_CHARS: usize = 2048;
const MAX_RULES: usize = 50;
const MAX_SEGMENTS: usize = 10;
const PATTERN_CHARS: usize = 200;
/// The longest category or object, in characters; what is longer is cut.
const PART_CHARS: usize = 255;

/// A tenant's rules; the first that matches wins, and where none does, `/category/object` is read.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PageRules {
    /// Paths that are about nothing, with everything below them: `/api`, `/account`. Asked before the rules.
    pub ignore: Vec<String>,
    pub rules: Vec<PageRule>,
}

/// One rule, over the whole path: `/cars/:object`, `/:lang/:category/:object`, `/blog/*`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageRule {
    /// Segments: text (in any case of letters), `:category`, `:object`, `:anything-else` for one that does not matter,
    /// and at the end `*` for none or more.
    pub pattern: String,
    /// The category of what matches; else `:category`, else the first text of the pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

/// What a page is about.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    pub category: Option<String>,
    pub object: Option<String>,
}

impl PageRules {
    /// # Errors
    /// Too many rules, or one that cannot match; the path names it.
    pub fn validate(&self) -> Result<(), UserError> {
        for (list, length) in [("ignore", self.ignore.len()), ("rules", self.rules.len())] {
            if length > MAX_RULES {
                return Err(UserError::invalid("at most 50 rules for pages").at([list]));
            }
        }
        for (index, prefix) in self.ignore.iter().enumerate() {
            check_pattern(prefix, false).map_err(|message| {
                UserError::invalid(message).at(["ignore".to_owned(), index.to_string()])
            })?;
        }
        for (index, rule) in self.rules.iter().enumerate() {
            let at = |field: &str| ["rules".to_owned(), index.to_string(), field.to_owned()];
            check_pattern(&rule.pattern, true)
                .map_err(|message| UserError::invalid(message).at(at("pattern")))?;
            if let Some(category) = &rule.category {
                let bad = category.trim().is_empty()
                    || category.chars().nth(PART_CHARS).is_some()
                    || category.contains(char::is_control);
                if bad {
                    return Err(
                        UserError::invalid("a category is 1 to 255 characters").at(at("category"))
                    );
                }
            }
        }
        Ok(())
    }

    /// Of an address that [`page_url`] takes; nothing of another one.
    pub fn page(&self, url: &str) -> Page {
        let Some(path) = path(url) else { return Page::default() };
        let parts: Vec<String> = segments(&path).take(MAX_SEGMENTS + 1).map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        if self.ignore.iter().any(|prefix| starts_with(&parts, prefix)) {
            return Page::default();
        }
        let read = self.rules.iter().find_map(|rule| rule.read(&parts));
        read.unwrap_or_else(|| Page {
            category: parts.first().and_then(|part| bounded(part)),
            object: parts.get(1).and_then(|part| bounded(part)),
        })
    }
}

impl PageRule {
    fn read(&self, parts: &[&str]) -> Option<Page> {
        let (mut page, mut text, mut left) = (Page::default(), None, parts.iter());
        for segment in segments(&self.pattern) {
            if segment == "*" {
                left = [].iter();
                break;
            }
            let part = left.next()?;
            match segment.strip_prefix(':') {
                Some("category") => page.category = bounded(part),
                Some("object") => page.object = bounded(part),
                Some(_) => {}
                None if segment.to_lowercase() == part.to_lowercase() => {
                    text = text.or(Some(segment));
                }
                None => return None,
            }
        }
        if left.next().is_some() {
            return None;
        }
        page.category = self.category.clone().or(page.category).or(text.and_then(bounded));
        Some(page)
    }
}

fn check_pattern(pattern: &str, names: bool) -> Result<(), &'static str> {
    if !pattern.starts_with('/') {
        return Err("a pattern begins with /");
    }
    if pattern.chars().nth(PATTERN_CHARS).is_some() || segments(pattern).count() > MAX_SEGMENTS {
        return Err("a pattern has at most 200 characters and 10 segments");
    }
    if pattern.contains(|c: char| c.is_control() || c.is_whitespace() || matches!(c, '?' | '#')) {
        return Err("a pattern is a path, without blanks, ? and #");
    }
    let all: Vec<&str> = segments(pattern).collect();
    if !names
        && (all.is_empty()
            || all.iter().any(|segment| segment.starts_with(':') || segment.contains('*')))
    {
        return Err("what is ignored is a plain path, and not all of it");
    }
    if all.iter().rev().skip(1).any(|segment| *segment == "*")
        || all.iter().any(|segment| segment.len() > 1 && segment.contains('*'))
    {
        return Err("* stands alone at the end of a pattern");
    }
    if all.contains(&":") {
        return Err("a : has a name");
    }
    if [":category", ":object"]
        .iter()
        .any(|name| all.iter().filter(|segment| *segment == name).count() > 1)
    {
        return Err("a pattern has :category and :object once");
    }
    Ok(())
}

fn starts_with(parts: &[&str], prefix: &str) -> bool {
    let mut left = parts.iter();
    segments(prefix).all(|segment| {
        left.next().is_some_and(|part| part.to_lowercase() == segment.to_lowercase())
    })
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn path(url: &str) -> Option<String> {
    let url = url.trim();
    if url.starts_with('/') {
        let base = Url::parse("http://page.invalid").ok()?;
        let joined = base.join(url).ok()?;
        return (joined.host_str() == base.host_str()).then(|| joined.path().to_owned());
    }
    Url::parse(url).ok().map(|url| url.path().to_owned())
}

/// Percent signs decoded where that gives text.
fn decoded(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = pair
            .filter(|_| bytes[at] == b'%')
            .filter(|pair| !pair.starts_with('+'))
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out)
        .ok()
        .filter(|text| !text.contains(char::is_control))
        .unwrap_or_else(|| segment.to_owned())
}

fn bounded(part: &str) -> Option<String> {
    let part: String = part.trim().chars().take(PART_CHARS).collect();
    (!part.is_empty()).then_some(part)
}

/// The address of a viewed page as it was sent, trimmed: absolute `http` or `https`, or an absolute path (`/cars/42`), as
/// apps send it.
///
/// # Errors
/// Another scheme, no host, a user name or password, blanks or control characters, more than 2,048 characters.
pub fn page_url(url: &str) -> Result<String, UserError> {
    let url = plain(url)?;
    if let Some(path) = url.strip_prefix('/') {
        // `//host` is another host to a browser.
        return if path.starts_with('/') {
            Err(UserError::invalid("a path has one / in front"))
        } else {
            Ok(url.to_owned())
        };
    }
    check_host(
        url,
        &["http", "https"],
        "a page's URL is http or https, or a path that begins with /",
    )?;
    Ok(url.to_owned())
}

/// The address of an image or file as it was sent, trimmed. The server never opens it.
///
/// # Errors
/// Another scheme than `https`, no host, a user name or password, blanks or control characters, more than 2,048 characters.
pub fn https_link(url: &str) -> Result<String, UserError> {
    let url = plain(url)?;
    check_host(url, &["https"], "a link begins with https://")?;
    Ok(url.to_owned())
}

fn plain(url: &str) -> Result<&str, UserError> {
    let url = url.trim();
    if url.is_empty() {
        return Err(UserError::invalid("the URL is blank"));
    }
    if url.chars().nth(URL_CHARS).is_some() {
        return Err(UserError::invalid("a URL has at most 2,048 characters"));
    }
    if url.contains(char::is_control) {
        return Err(UserError::invalid("a URL has no control characters"));
    }
    if url.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\')) {
        return Err(UserError::invalid(
            "a URL has no blanks, quotes, backslashes and angle brackets",
        ));
    }
    Ok(url)
}

fn check_host(url: &str, schemes: &[&str], message: &str) -> Result<(), UserError> {
    // Programs that do not repair `https:host` would see no host.
    let written = schemes.iter().any(|scheme| {
        url.split_once("://").is_some_and(|(before, _)| before.eq_ignore_ascii_case(scheme))
    });
    if !written {
        return Err(UserError::invalid(message));
    }
    let parsed = Url::parse(url).map_err(|_| UserError::invalid("the URL is not valid"))?;
    if parsed.host_str().is_none_or(str::is_empty) {
        return Err(UserError::invalid("a URL has a host"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(UserError::invalid("a URL has no user name and password"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
