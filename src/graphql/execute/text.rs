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

    /// The whole answer.
    pub fn write(&self, buffer: &[u8], out: &mut Vec<u8>) {
        if self.null || self.all.is_empty() {
            out.extend_from_slice(b"null");
            return;
        }
        self.write_text(0, buffer, out);
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
