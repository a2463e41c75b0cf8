//! Texts of one answer: each fills a hole of another. Where a hole cannot be filled, the nearest value that may be null
//! is cut out.

use std::ops::Range;

/// A value that may be null and that holds a hole.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    pub start: usize,
    pub end: usize,
}

/// Where a text belongs.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub text: usize,
    pub at: usize,
    /// The region of that text around the place.
    pub region: Option<usize>,
}

/// One text with what was decided about it.
#[derive(Debug)]
pub struct Text {
    /// Where it stands in the buffer, as all its places do.
    range: Range<usize>,
    regions: Vec<Region>,
    /// Regions that are null after all.
    cuts: Vec<Region>,
    /// Texts that fill holes, by the holes' places.
    parts: Vec<(usize, usize)>,
    place: Option<Place>,
    /// Whether the text as a whole may be null.
    nullable: bool,
    nulled: bool,
}

impl Text {
    pub fn new(range: Range<usize>, regions: Vec<Region>) -> Text {
        Text {
            range,
            regions,
            cuts: Vec::new(),
            parts: Vec::new(),
            place: None,
            nullable: false,
            nulled: false,
        }
    }
}

/// All texts of an answer; the first is its root.
#[derive(Default)]
pub struct Texts {
    all: Vec<Text>,
    /// The root itself is null.
    null: bool,
}

impl Texts {
    /// The number of the text that is added.
    pub fn add(&mut self, mut text: Text, place: Option<Place>, nullable: bool) -> usize {
        let n = self.all.len();
        (text.place, text.nullable) = (place, nullable);
        if let Some(place) = place {
            self.all[place.text].parts.push((place.at, n));
        }
        self.all.push(text);
        n
    }

    pub fn is_null(&self) -> bool {
        self.null
    }

    pub fn set_null(&mut self) {
        self.null = true;
    }

    /// Whether what stands at a place is part of the answer still.
    pub fn alive(&self, mut place: Place) -> bool {
        loop {
            let text = &self.all[place.text];
            let cut = |cut: &Region| cut.start < place.at && place.at < cut.end;
            if self.null || text.nulled || text.cuts.iter().any(cut) {
                return false;
            }
            match text.place {
                Some(outer) => place = outer,
                None => return true,
            }
        }
    }

    /// What belongs to this place cannot be written and must not be null: the nearest value around it that may be null
    /// is null.
    pub fn fail(&mut self, mut place: Place) {
        loop {
            let text = &mut self.all[place.text];
            if let Some(region) = place.region {
                let region = text.regions[region];
                text.cuts.push(region);
                return;
            }
            if text.nullable {
                text.nulled = true;
                return;
            }
            let Some(outer) = text.place else {
                self.null = true;
                return;
            };
            place = outer;
        }
    }

    /// The whole answer, from the buffer that holds the texts from `start` on; what is before stays before it.
    pub fn assemble(&self, mut buffer: Vec<u8>, start: usize) -> Vec<u8> {
        if self.null || self.all.is_empty() {
            buffer.truncate(start);
            buffer.extend_from_slice(b"null");
            return buffer;
        }
        if self.is_chain() {
            self.join_chain(&mut buffer);
            return buffer;
        }
        let mut out = Vec::with_capacity(buffer.capacity());
        out.extend_from_slice(&buffer[..start]);
        self.write_text(0, &buffer, &mut out);
        out
    }

    /// Whether each text but the last has one hole, which the next one fills, as those of most answers have.
    fn is_chain(&self) -> bool {
        let last = self.all.len() - 1;
        self.all.iter().enumerate().all(|(n, text)| {
            let part = match &text.parts[..] {
                [] => n == last,
                [(_, part)] => *part == n + 1,
                _ => false,
            };
            part && text.cuts.is_empty() && !text.nulled
        })
    }

    /// Moves what stands behind each hole to the end, so that the largest text stays about where it was written.
    fn join_chain(&self, buffer: &mut Vec<u8>) {
        let hole = |text: &Text| text.parts.first().map_or(text.range.end, |(at, _)| *at);
        let mut ends = Vec::new();
        for text in self.all.iter().rev() {
            ends.extend_from_slice(&buffer[hole(text)..text.range.end]);
        }
        let mut to = self.all[0].range.start;
        for text in &self.all {
            let begun = text.range.start..hole(text);
            let length = begun.len();
            buffer.copy_within(begun, to);
            to += length;
        }
        buffer.truncate(to);
        buffer.extend_from_slice(&ends);
    }

    fn write_text(&self, n: usize, buffer: &[u8], out: &mut Vec<u8>) {
        let text = &self.all[n];
        if text.nulled {
            out.extend_from_slice(b"null");
            return;
        }
        if text.cuts.is_empty() && text.parts.is_empty() {
            out.extend_from_slice(&buffer[text.range.clone()]);
            return;
        }
        // At one place a cut comes first, and of cuts the outermost.
        let cuts = text.cuts.iter().map(|cut| (cut.start, usize::MAX - cut.end, None));
        let parts = text.parts.iter().map(|(at, part)| (*at, usize::MAX, Some(*part)));
        let mut patches: Vec<(usize, usize, Option<usize>)> = cuts.chain(parts).collect();
        patches.sort_unstable();
        let mut from = text.range.start;
        for (at, end, part) in patches {
            if at < from {
                continue;
            }
            out.extend_from_slice(&buffer[from..at]);
            if let Some(part) = part {
                from = at;
                self.write_text(part, buffer, out);
            } else {
                from = usize::MAX - end;
                out.extend_from_slice(b"null");
            }
        }
        out.extend_from_slice(&buffer[from..text.range.end]);
    }
}

#[cfg(test)]
mod tests {
    use crate::graphql::execute::text::{Place, Text, Texts};

    /// Texts in a buffer behind `{`; each is `[` and `]` around its number, and fills the hole in the middle of the one that is
    /// named, or of none.
    fn answer(outer: &[usize], nulled: Option<usize>) -> String {
        let mut buffer = b"{".to_vec();
        let mut texts = Texts::default();
        let place = |n: usize, buffer: &[u8]| {
            let at = buffer.iter().position(|b| *b == b'a' + u8::try_from(n).expect("few"));
            Place { text: n, at: at.expect("is there") + 1, region: None }
        };
        for n in 0..=outer.len() {
            let start = buffer.len();
            let hole = n.checked_sub(1).map(|before| place(outer[before], &buffer));
            let letter = char::from(b'a' + u8::try_from(n).expect("few"));
            buffer.extend_from_slice(format!("[{letter}{n}]").as_bytes());
            texts.add(Text::new(start..buffer.len(), Vec::new()), hole, true);
        }
        if let Some(n) = nulled {
            texts.fail(Place { text: n, at: 0, region: None });
        }
        String::from_utf8(texts.assemble(buffer, 1)).expect("a text")
    }

    #[test]
    fn each_text_stands_in_its_hole() {
        assert_eq!(answer(&[], None), "{[a0]");
        // One in the other, as they are moved.
        assert_eq!(answer(&[0], None), "{[a[b1]0]");
        assert_eq!(answer(&[0, 1, 2], None), "{[a[b[c[d3]2]1]0]");
        // Several in one, and one that is null.
        assert_eq!(answer(&[0, 0], None), "{[a[b1][c2]0]");
        assert_eq!(answer(&[0, 1, 0], None), "{[a[b[c2]1][d3]0]");
        assert_eq!(answer(&[0, 1], Some(1)), "{[anull0]");
        assert_eq!(answer(&[], Some(0)), "{null");
    }
}
