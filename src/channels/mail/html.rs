//! HTML as plain text: what a reader would see, without scripts, styles and heads, entities decoded. It takes time by the
//! length alone, whatever the markup. Pure.

use mail_parser::decoders::html::add_html_token;

use crate::channels::mail::headers::western;

/// Elements of which nothing is shown.
const HIDDEN: [&str; 6] = ["script", "style", "head", "title", "template", "svg"];
/// Elements that begin on a line of their own.
const BLOCKS: [&str; 26] = [
    "address", "article", "aside", "br", "center", "dd", "div", "dl", "dt", "fieldset", "figure",
    "footer", "form", "header", "hr", "li", "main", "nav", "option", "pre", "section", "table",
    "tbody", "tr", "ul", "ol",
];
/// Elements with an empty line before and behind.
const PARAGRAPHS: [&str; 8] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"];
/// Longest entity, with its marks.
const ENTITY: usize = 34;
/// After so many tags whose quotes never end quotes mean nothing any more.
const BROKEN_QUOTES: usize = 8;

/// The text of a page or of a piece of one.
pub fn text(html: &str) -> String {
    let (last_end, last_comment) = (html.rfind('>'), html.rfind("-->"));
    let mut reader = Reader { html, at: 0, broken: 0, last_end, last_comment };
    let mut out = Out::default();
    while reader.at < html.len() {
        match reader.tag() {
            Some(tag) => {
                if tag.opens && HIDDEN.contains(&tag.name.as_str()) {
                    reader.skip_element(&tag.name);
                }
                out.tag(&tag);
            }
            None => out.character(reader.character()),
        }
    }
    out.text.trim().to_owned()
}

#[derive(Default)]
struct Tag {
    name: String,
    /// Has something in it; `<br/>` has not.
    opens: bool,
    closes: bool,
}

struct Reader<'h> {
    html: &'h str,
    at: usize,
    broken: usize,
    last_end: Option<usize>,
    last_comment: Option<usize>,
}

impl Reader<'_> {
    /// The tag, comment or declaration that begins here; it is passed.
    fn tag(&mut self) -> Option<Tag> {
        let rest = self.html[self.at..].strip_prefix('<')?;
        if let Some(comment) = rest.strip_prefix("!--")
            && self.last_comment.is_some_and(|last| last >= self.at + 2)
        {
            self.at += 4 + comment.find("-->").map_or(0, |end| end + 3);
            return Some(Tag::default());
        }
        // A comment that never ends is passed like a tag.
        if rest.starts_with(['!', '?']) {
            self.at = self.tag_end()?;
            return Some(Tag::default());
        }
        let closes = rest.starts_with('/');
        let name = rest.strip_prefix('/').unwrap_or(rest);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        let name = name[..end].to_ascii_lowercase();
        self.at = self.tag_end()?;
        let empty = self.html[..self.at].ends_with("/>");
        Some(Tag { name, opens: !closes && !empty, closes })
    }

    /// Behind the `>` of the tag that begins here; one in quotes is part of a value.
    fn tag_end(&mut self) -> Option<usize> {
        self.last_end.filter(|last| *last > self.at)?;
        let mut at = self.at;
        while self.broken < BROKEN_QUOTES {
            let Some(found) = self.html[at..].find(['>', '"', '\'']) else {
                self.broken += 1;
                break;
            };
            let mark = self.html.as_bytes()[at + found];
            at += found + 1;
            if mark == b'>' {
                return Some(at);
            }
            let Some(close) = self.html[at..].find(char::from(mark)) else {
                self.broken += 1;
                break;
            };
            at += close + 1;
        }
        self.html[self.at..].find('>').map(|end| self.at + end + 1)
    }

    /// Passes what stands before the end of this element; a head also ends where the body begins.
    fn skip_element(&mut self, name: &str) {
        let rest = &self.html.as_bytes()[self.at..];
        let ends = |tail: &[u8], tag: &str| {
            let found =
                tail.get(..tag.len()).is_some_and(|own| own.eq_ignore_ascii_case(tag.as_bytes()));
            found && !tail.get(tag.len()).is_some_and(u8::is_ascii_alphanumeric)
        };
        let close = format!("</{name}");
        let mut at = 0;
        while let Some(found) = rest[at..].iter().position(|byte| *byte == b'<') {
            at += found;
            if ends(&rest[at..], &close) || (name == "head" && ends(&rest[at..], "<body")) {
                break;
            }
            at += 1;
        }
        let end = rest[at..].first() == Some(&b'<');
        self.at = if end { self.at + at } else { self.html.len() };
    }

    /// The character that begins here, an entity decoded; it is passed.
    fn character(&mut self) -> char {
        let rest = &self.html[self.at..];
        let Some(first) = rest.chars().next() else { return ' ' };
        if first == '&'
            && let Some((character, length)) = entity(rest)
        {
            self.at += length;
            return character;
        }
        self.at += first.len_utf8();
        first
    }
}

/// The entity at the beginning, and its length.
fn entity(text: &str) -> Option<(char, usize)> {
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let length = text.bytes().skip(1).take(ENTITY).take_while(name).count() + 1;
    let whole = text.as_bytes().get(length) == Some(&b';');
    let (body, length) = match text.get(1..length)? {
        "" => return None,
        body if whole => (body, length + 1),
        // Old programs leave the semicolon out.
        body if body.starts_with('#') => (body, length),
        body => {
            let known = ["nbsp", "amp", "lt", "gt", "quot"];
            let name = known.into_iter().find(|name| body.starts_with(name))?;
            (name, name.len() + 1)
        }
    };
    if let Some(code) = body.strip_prefix('#') {
        let hex = code.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| code.parse(), |hex| u32::from_str_radix(hex, 16)).ok()?;
        return Some((numbered(code), length));
    }
    let mut decoded = String::new();
    add_html_token(&mut decoded, format!("&{body};").as_bytes(), false);
    let mut all = decoded.chars();
    // An entity that nobody knows comes back as it was.
    all.next().filter(|_| all.next().is_none()).map(|character| (character, length))
}

/// Numbers of Windows-1252 are read as browsers read them.
fn numbered(code: u32) -> char {
    match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9f) => {
            western(&[byte]).chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        _ => char::from_u32(code).filter(|c| *c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[derive(Default)]
struct Out {
    text: String,
    blank: bool,
    preformatted: usize,
}

impl Out {
    fn tag(&mut self, tag: &Tag) {
        let name = tag.name.as_str();
        if name == "pre" {
            let within = self.preformatted;
            self.preformatted = if tag.closes { within.saturating_sub(1) } else { within + 1 };
        }
        match name {
            "br" => self.lines(usize::MAX),
            _ if PARAGRAPHS.contains(&name) => self.lines(2),
            _ if BLOCKS.contains(&name) => self.lines(1),
            "td" | "th" => self.blank = true,
            _ => {}
        }
        if name == "li" && !tag.closes {
            self.text.push_str("- ");
        }
    }

    /// So many line breaks, with those that are there; for a `br` one more, up to an empty line.
    fn lines(&mut self, wanted: usize) {
        self.blank = false;
        self.text.truncate(self.text.trim_end_matches(' ').len());
        if self.text.is_empty() {
            return;
        }
        let there = self.text.len() - self.text.trim_end_matches('\n').len();
        let wanted = if wanted == usize::MAX { (there + 1).min(2) } else { wanted };
        (there..wanted).for_each(|_| self.text.push('\n'));
    }

    fn character(&mut self, character: char) {
        match character {
            '\n' if self.preformatted > 0 => {
                self.blank = false;
                self.text.push('\n');
            }
            ' ' | '\t' if self.preformatted > 0 => self.text.push(character),
            ' ' | '\t' | '\n' | '\u{c}' | '\u{a0}' => self.blank = true,
            // And invisible marks, with which newsletters hide their previews.
            '\r' | '\u{200b}' | '\u{200c}' | '\u{ad}' | '\u{34f}' | '\u{feff}' => {}
            _ => {
                if std::mem::take(&mut self.blank)
                    && !self.text.is_empty()
                    && !self.text.ends_with(['\n', ' '])
                {
                    self.text.push(' ');
                }
                self.text.push(character);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::channels::mail::html::text;

    #[test]
    fn a_page_is_what_its_reader_sees() {
        for (html, plain) in [
            ("Hello", "Hello"),
            ("<p>Hello <b>Jane</b>,</p><p>how are\n you?</p>", "Hello Jane,\n\nhow are you?"),
            ("one<br>two<br/><br />three", "one\ntwo\n\nthree"),
            ("<div>a</div><div>b</div>", "a\nb"),
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("<style>p { color: red }</style>a<script>if (a < b) alert('</p>')</script>b", "ab"),
            ("<STYLE>x</STYLE >a<Script src=x></Script>b", "ab"),
            ("<html><head><title>T</title><meta x></head><body>b</body></html>", "b"),
            ("<head><meta x><body class=x>b", "b"),
            ("a<style>never closed", "a"),
            ("a<svg/>b<title />c", "abc"),
            ("a<!-- b <p> c -->d<!DOCTYPE html><?xml x?>e", "ade"),
            ("a<!--[if mso]><p>mso</p><![endif]-->b", "ab"),
            ("&lt;p&gt; &amp;amp; &eacute;&#233;&#xE9; &euro;", "<p> &amp; ééé €"),
            ("a&nbsp;&nbsp;b&nbspc", "a b c"),
            ("&#150;&#x92;", "–’"),
            ("&nonsense; & &; &#; &#xZ; AT&T", "&nonsense; & &; &#; &#xZ; AT&T"),
            ("&#0;&#55357;&#99999999;", "\u{fffd}\u{fffd}\u{fffd}"),
            ("<a title=\"a > b\" href='x'>link</a>", "link"),
            ("<a href=\"x>broken</a> text", "broken text"),
            ("1 < 2 and 3 > 2 <3", "1 < 2 and 3 > 2 <3"),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("zero\u{200b}width", "zerowidth"),
            ("<", "<"),
            ("<p", "<p"),
            ("", ""),
        ] {
            assert_eq!(text(html), plain, "{html}");
        }
    }

    #[test]
    fn markup_that_never_ends_costs_no_time() {
        let started = Instant::now();
        for piece in
            ["<a", "<a '", "<a \"'>", "<!--", "&#", "<style>", "<!-- <style> <a '>", "</p \""]
        {
            let html = piece.repeat(20_000);
            assert!(text(&html).len() <= html.len(), "{piece}");
        }
        // Quadratic time would be hours.
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    }
}
