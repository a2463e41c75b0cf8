//! What a request did, noted while it runs by whichever room knows it, for the line that the log gets of it. Nothing of
//! a person stands here: names of operations and tenants, roles, codes and counts.
//!
//! The notes travel with the task ([`RequestNotes::scope`]); work in a task of its own takes them along
//! ([`carried`]). Outside of a request, and where the log takes no such line, noting does nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;

/// The longest name of an operation that the log shows, in characters.
const LONGEST_NAME: usize = 64;
/// Different codes that the log shows of one request.
const MOST_CODES: usize = 8;

tokio::task_local! {
    static CURRENT: Option<Arc<RequestNotes>>;
}

/// The notes of one request.
#[derive(Default, Debug)]
pub struct RequestNotes {
    statements: AtomicU32,
    noted: Mutex<Noted>,
}

/// What is known of a request so far.
#[derive(Clone, Default, Debug)]
pub struct Noted {
    /// How GraphQL came, where that is not a plain request.
    pub transport: Option<&'static str>,
    /// `query`, `mutation`, `subscription`, or `batch`.
    pub kind: Option<&'static str>,
    /// The operation's name.
    pub operation: Option<Arc<str>>,
    pub tenant: Option<Arc<str>>,
    pub role: Option<&'static str>,
    /// Requests in one body.
    pub batch: Option<u64>,
    /// Codes of errors and user errors, each once.
    pub codes: Vec<&'static str>,
    /// Whether one of them is a fault of ours.
    pub our_fault: bool,
    pub delivery: Option<Box<NotedDelivery>>,
    /// Whether a stream goes on with these notes once the request is answered.
    pub streams: bool,
}

/// What came through a source.
#[derive(Clone, Default, Debug)]
pub struct NotedDelivery {
    /// The kind of the source.
    pub source: &'static str,
    /// Its id, as the API shows it.
    pub source_id: Option<String>,
    pub received: i64,
    pub recorded: i64,
    pub duplicates: i64,
    pub rejected: i64,
    pub unknown: i64,
}

impl RequestNotes {
    /// Runs work whose notes these are.
    pub async fn scope<F: Future>(notes: Option<Arc<RequestNotes>>, work: F) -> F::Output {
        CURRENT.scope(notes, work).await
    }

    pub fn note(&self, note: impl FnOnce(&mut Noted)) {
        note(&mut self.noted.lock());
    }

    /// Looks at what is known so far.
    pub fn look<T>(&self, look: impl FnOnce(&Noted) -> T) -> T {
        look(&self.noted.lock())
    }

    /// SQL statements so far; BEGIN and COMMIT are none.
    pub fn statements(&self) -> u32 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Notes the code of an error, and whether the fault is ours.
    pub fn error(&self, code: &'static str, ours: bool) {
        self.note(|noted| {
            noted.our_fault |= ours;
            if noted.codes.len() < MOST_CODES && !noted.codes.contains(&code) {
                noted.codes.push(code);
            }
        });
    }
}

/// The notes of the request that runs here.
pub fn current() -> Option<Arc<RequestNotes>> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// Work for a task of its own, with the notes of the request that it belongs to.
pub fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    RequestNotes::scope(current(), work)
}

fn with(note: impl FnOnce(&RequestNotes)) {
    let _ = CURRENT.try_with(|notes| notes.as_deref().map(note));
}

/// Notes something of the request that runs here.
pub fn note(change: impl FnOnce(&mut Noted)) {
    with(|notes| notes.note(change));
}

/// Counts a statement.
pub fn statement() {
    with(|notes| {
        notes.statements.fetch_add(1, Ordering::Relaxed);
    });
}

/// Notes the code of an error, and whether the fault is ours.
pub fn error(code: &'static str, ours: bool) {
    with(|notes| notes.error(code, ours));
}

/// A name as the log shows it: not longer than that, and without what moves a terminal.
pub fn shown(name: &str) -> Arc<str> {
    let plain = |c: char| if c.is_control() { '?' } else { c };
    name.chars().take(LONGEST_NAME).map(plain).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::request_notes::{RequestNotes, carried, current, error, note, shown, statement};

    #[tokio::test]
    async fn notes_go_along_with_the_work_and_stay_with_their_request() {
        let (one, other) = (Arc::new(RequestNotes::default()), Arc::new(RequestNotes::default()));
        let work = async |role| {
            statement();
            note(|noted| noted.role = Some(role));
            tokio::task::yield_now().await;
            tokio::spawn(carried(async { statement() })).await.expect("ends");
            tokio::spawn(async { statement() }).await.expect("ends");
        };
        tokio::join!(
            RequestNotes::scope(Some(one.clone()), work("agent")),
            RequestNotes::scope(Some(other.clone()), work("admin")),
            RequestNotes::scope(None, work("viewer")),
            work("ingest"),
        );
        for (notes, role) in [(one, "agent"), (other, "admin")] {
            assert_eq!((notes.statements(), notes.look(|noted| noted.role)), (2, Some(role)));
        }
        assert!(current().is_none());
    }

    #[tokio::test]
    async fn a_code_is_noted_once_and_a_fault_of_ours_stays_one() {
        let notes = Arc::new(RequestNotes::default());
        RequestNotes::scope(Some(notes.clone()), async {
            for code in ["INTERNAL", "INVALID", "INTERNAL"] {
                error(code, code == "INTERNAL");
            }
            for code in ["1", "2", "3", "4", "5", "6", "7", "8", "9"] {
                error(code, false);
            }
        })
        .await;
        let noted = notes.look(Clone::clone);
        assert_eq!((noted.codes.len(), noted.our_fault), (8, true));
        assert_eq!(noted.codes[..3], ["INTERNAL", "INVALID", "1"]);
    }

    #[test]
    fn names_are_bounded_and_on_one_line() {
        assert_eq!(&*shown("Desk"), "Desk");
        assert_eq!(&*shown("a\nb\u{1b}[31m"), "a?b?[31m");
        assert_eq!(shown(&"x".repeat(1_000)).len(), 64);
    }
}
