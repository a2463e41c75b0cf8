//! The lines of the tables.

use crate::load::Job;
use crate::run::line::Wanted;

const fn wanted(shared: f64, lean: f64) -> Wanted {
    Wanted { shared, lean, events_per_second: 0.0 }
}

pub const READS: &[(&str, Job, Wanted)] = &[
    ("PlainPage", Job::Page, wanted(0.5, 0.75)),
    ("PlainPage of 100,000 items", Job::HotPage, wanted(0.0, 0.7)),
    ("CustomerList of 20", Job::List, wanted(0.65, 0.7)),
    ("SearchAsTyped", Job::Search, wanted(0.0, 0.5)),
    ("identify, known", Job::IdentifyKnown, wanted(0.8, 0.0)),
];

pub const WRITES: &[(&str, Job, Wanted)] = &[
    ("identify, new", Job::IdentifyNew, wanted(0.7, 0.5)),
    ("one engagement", Job::Record, wanted(0.65, 0.5)),
    ("batches of 100", Job::Batch, Wanted { shared: 0.5, lean: 0.0, events_per_second: 20_000.0 }),
];

/// Searches as they come: so many a second, whatever the answers take.
pub const SEARCHES: &[(&str, Job, f64)] = &[
    ("SearchAsTyped at 200/s", Job::Search, 200.0),
    ("search by the beginning of a name at 200/s", Job::SearchNames, 200.0),
    ("search by the beginning of a surname at 200/s", Job::SearchSurnames, 200.0),
    ("search by the beginning of an email at 200/s", Job::SearchEmails, 200.0),
    ("search by the beginning of a number at 200/s", Job::SearchPhones, 200.0),
    ("search by last digits at 200/s", Job::SearchDigits, 200.0),
    ("search with a slip at 50/s", Job::SearchTypos, 50.0),
    ("search by a fragment at 50/s", Job::SearchFragments, 50.0),
    ("search the history by a rare word at 20/s", Job::WordsRare, 20.0),
    ("search the history by a middling word at 20/s", Job::WordsMiddling, 20.0),
    ("search the history by a frequent word at 20/s", Job::WordsFrequent, 20.0),
];
