//! The details of an input: one that cannot be kept as it came is mended, cut or left out, and the caller is told. An event
//! is not lost for it. Pure.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::domain::history::record::fields::{SHORT, TEXT_CHARS, unfolded};
use crate::domain::history::record::links::{MendedUrl, mended_page, mended_url};
use crate::domain::tenant::page_rule::{https_link, page_url};
use crate::error::UserError;

/// Hexadecimal digits of a digest that stands for the end of a long key.
const DIGEST: usize = 32;
/// A week, in seconds.
const LONGEST_CALL: i64 = 604_800;

/// Something of an input that was not kept as it came; the event was recorded all the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// Where in the input: names of fields and indexes of lists, inwards.
    pub path: Vec<String>,
    /// What became of it, in one sentence.
    pub message: String,
}

impl Warning {
    /// The same, of an input that stands under this name.
    #[must_use]
    pub fn under(mut self, name: impl Into<String>) -> Self {
        self.path.insert(0, name.into());
        self
    }
}

/// What was said about the details of one input.
#[derive(Debug, Default)]
pub(super) struct Details {
    pub warnings: Vec<Warning>,
}

impl Details {
    pub(super) fn warn(&mut self, path: &[&str], message: impl Into<String>) {
        let path = path.iter().map(|name| (*name).to_string()).collect();
        self.warnings.push(Warning { path, message: message.into() });
    }

    /// A short line; nothing where it is blank.
    pub(super) fn line(
        &mut self,
        text: Option<&str>,
        most: usize,
        path: &[&str],
    ) -> Option<String> {
        let line = self.one_line(text?, path);
        self.bounded(line.trim(), most, path)
    }

    /// A text with its line breaks; nothing where it is blank.
    pub(super) fn text(&mut self, text: Option<&str>, path: &[&str]) -> Option<String> {
        let text = text?;
        let clean = if text.contains('\0') {
            self.warn(path, "NUL characters were taken out");
            Cow::Owned(text.replace('\0', ""))
        } else {
            Cow::Borrowed(text)
        };
        if clean.trim().is_empty() {
            return None;
        }
        self.bounded(clean.trim_end(), TEXT_CHARS, path)
    }

    /// A name by which something is found again: a long one keeps its beginning, and a digest stands for the rest, so that
    /// what differs goes on to differ.
    pub(super) fn key(&mut self, text: Option<&str>, most: usize, path: &[&str]) -> Option<String> {
        let line = self.one_line(text?, path);
        let line = line.trim();
        if line.chars().nth(most).is_none() {
            return (!line.is_empty()).then(|| line.to_string());
        }
        self.warn(path, format!("has more than {most} characters: a digest stands for the end"));
        let begin: String = line.chars().take(most - DIGEST - 1).collect();
        let digest = hex::encode(Sha256::digest(line));
        Some(format!("{begin}#{}", &digest[..DIGEST]))
    }

    /// A Message-ID without its brackets.
    pub(super) fn message_id(&mut self, id: Option<&str>, path: &[&str]) -> Option<String> {
        let id = id?.trim();
        let bare = id.strip_prefix('<').unwrap_or(id);
        self.key(Some(bare.strip_suffix('>').unwrap_or(bare)), SHORT, path)
    }

    /// The `https` address of something; nothing where it is none.
    pub(super) fn link(&mut self, url: &str, path: &[&str]) -> Result<String, UserError> {
        let link = self.mended(mended_url(url), path);
        https_link(&link).map_err(|error| error.at(path.iter().copied()))
    }

    /// The same where it may be missing: what is no link is left out.
    pub(super) fn optional_link(&mut self, url: Option<&str>, path: &[&str]) -> Option<String> {
        let link = self.link(url.filter(|url| !url.trim().is_empty())?, path);
        link.map_err(|error| self.warn(path, format!("was left out: {}", error.message))).ok()
    }

    /// The address of a page.
    pub(super) fn page(&mut self, url: &str, path: &[&str]) -> Result<String, UserError> {
        let page = self.mended(mended_page(url), path);
        page_url(&page).map_err(|error| error.at(path.iter().copied()))
    }

    /// How long a talk took, in seconds; nothing where it cannot be.
    pub(super) fn duration(&mut self, seconds: Option<i64>, path: &[&str]) -> Option<i64> {
        let known = seconds.filter(|seconds| (0..=LONGEST_CALL).contains(seconds));
        if known != seconds {
            self.warn(path, format!("was left out: a call takes 0 to {LONGEST_CALL} seconds"));
        }
        known
    }

    fn mended(&mut self, (url, mended): MendedUrl, path: &[&str]) -> String {
        for what in mended {
            self.warn(path, what);
        }
        url
    }

    fn one_line<'t>(&mut self, text: &'t str, path: &[&str]) -> Cow<'t, str> {
        let line = unfolded(text.trim());
        if matches!(line, Cow::Owned(_)) {
            self.warn(path, "line breaks and control characters were taken out");
        }
        line
    }

    /// At most so many characters of a text.
    fn bounded(&mut self, text: &str, most: usize, path: &[&str]) -> Option<String> {
        if text.contains(char::REPLACEMENT_CHARACTER) {
            self.warn(path, "holds a broken character");
        }
        let end = text.char_indices().nth(most).map(|(end, _)| end);
        if end.is_some() {
            self.warn(path, format!("was cut after {most} characters"));
        }
        let text = text[..end.unwrap_or(text.len())].trim_end();
        (!text.is_empty()).then(|| text.to_string())
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::history::record::details::Details;

    #[test]
    fn a_detail_is_mended_or_cut_and_its_caller_told() {
        for (given, kept, warnings) in [
            ("  plain ", Some("plain"), 0),
            ("Your order\r\n\t2026", Some("Your order 2026"), 1),
            ("a\u{0}b\u{1b}", Some("ab"), 1),
            ("two  blanks", Some("two  blanks"), 0),
            ("\u{7}", None, 1),
            ("half \u{fffd}", Some("half \u{fffd}"), 1),
            ("0123456789 0123456789", Some("0123456789 0123456"), 1),
        ] {
            let mut details = Details::default();
            assert_eq!(details.line(Some(given), 18, &["title"]).as_deref(), kept, "{given:?}");
            assert_eq!(details.warnings.len(), warnings, "{given:?}");
            assert!(details.warnings.iter().all(|warning| warning.path == ["title"]));
        }
    }

    #[test]
    fn long_keys_that_differ_at_the_end_go_on_to_differ() {
        let long = "k".repeat(300);
        let key = |text: &str| Details::default().key(Some(text), 255, &[]).expect("a key");
        assert_eq!(key(&long), key(&long));
        assert_ne!(key(&long), key(&format!("{long}2")));
        assert_eq!(key(&long).chars().count(), 255);
        assert_eq!(key("<a@b>\r\n "), "<a@b>");
    }
}
