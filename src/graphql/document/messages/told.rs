//! Errors of a document in words, and what puts them into words.

use bluejay_parser::HasSpan;

use crate::graphql::document::places::{Fragments, byte};
use crate::graphql::document::syntax::{Parsed, Schema};

/// How many errors of one kind of rule are put into words.
const CONSIDERED: usize = 100;

/// The longest message, in bytes: names of a document may be as long as itself.
const LONGEST: usize = 500;

/// An error of a document: its message, and the bytes that it is about.
#[derive(Debug)]
pub struct Told {
    pub bytes: Vec<usize>,
    pub message: String,
}

impl Told {
    pub fn new(bytes: Vec<usize>, mut message: String) -> Told {
        if message.len() > LONGEST {
            message.truncate(message.floor_char_boundary(LONGEST));
            message.push('…');
        }
        Told { bytes, message }
    }
}

/// Errors of a document. Of very many only the first are put into words.
#[derive(Default)]
pub struct Tally {
    pub told: Vec<Told>,
    /// How many more there are.
    pub further: usize,
}

impl Tally {
    pub fn add(&mut self, tell: impl FnOnce() -> Vec<Told>) {
        if self.told.len() < CONSIDERED {
            self.told.extend(tell());
        } else {
            self.further += 1;
        }
    }
}

/// One error of one part.
pub fn told(part: &impl HasSpan, message: String) -> Vec<Told> {
    vec![Told::new(vec![byte(part)], message)]
}

/// `There can be only one …`, once for each part behind the first.
pub fn repeated<'p, P: HasSpan + 'p>(
    what: &str,
    name: &str,
    mut parts: impl Iterator<Item = &'p P>,
) -> Vec<Told> {
    let Some(first) = parts.next() else { return Vec::new() };
    let message = format!("There can be only one {what} named \"{name}\".");
    parts.map(|part| Told::new(vec![byte(first), byte(part)], message.clone())).collect()
}

/// Puts broken rules into words.
pub struct Teller<'a> {
    pub document: &'a Parsed<'a>,
    pub fragments: &'a Fragments<'a>,
    pub schema: &'a Schema<'a>,
    pub text: &'a str,
    /// Whether names of the schema are suggested.
    pub suggestions: bool,
}
