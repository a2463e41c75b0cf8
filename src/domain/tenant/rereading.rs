//! How far the re-reading of a tenant's numbers has come, which a change of the region begins: kept as JSON beside the
//! settings, so that any server can go on with it.

use serde::{Deserialize, Serialize};

use crate::entity::tenant;
use crate::error::{Error, Result};
use crate::ids::{IdentityId, Micros};

/// How long a server that died keeps the others waiting, in microseconds.
const LEASE: i64 = 5_000_000;

/// A re-reading, under way or finished.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rereading {
    /// The region before the change.
    pub from: String,
    /// The region by which numbers are read now.
    pub region: String,
    pub started_at: Micros,
    pub finished_at: Option<Micros>,
    /// Numbers that are looked at.
    pub total: i64,
    /// Those of them that were.
    pub done: i64,
    /// Those that are another number now.
    pub reread: i64,
    /// Those that turned out to be another customer's number, to whom theirs was joined.
    pub joined: i64,
    /// The same, where a guard held the link back for review.
    pub held: i64,
    /// The last identity that was looked at.
    pub after: IdentityId,
    /// The server that is at it, and until when the others leave it alone.
    pub lease: Option<(String, Micros)>,
}

/// What became of one number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reread {
    /// It is what it was.
    Same,
    /// It is another number now.
    Renewed,
    /// It is another customer's number, and the two are one now.
    Joined,
    /// It is another customer's number; a guard held the link back.
    Held,
}

impl Rereading {
    /// What begins with a change of the region.
    pub fn new(from: &str, region: &str, total: i64, now: Micros) -> Rereading {
        Rereading {
            from: from.to_owned(),
            region: region.to_owned(),
            started_at: now,
            finished_at: (total == 0).then_some(now),
            total,
            done: 0,
            reread: 0,
            joined: 0,
            held: 0,
            after: IdentityId(0),
            lease: None,
        }
    }

    pub fn read(row: &tenant::Model) -> Result<Option<Rereading>> {
        let json = |error| Error::Internal(format!("tenant.rereading: {error}"));
        row.rereading.as_deref().map(serde_json::from_str).transpose().map_err(json)
    }

    /// As it is stored.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("numbers and text are JSON")
    }

    /// Takes the lease, or moves its end on; false where another server has it.
    pub fn take(&mut self, server: &str, now: Micros) -> bool {
        let free = |(owner, until): &(String, Micros)| owner == server || *until < now;
        let free = self.lease.as_ref().is_none_or(free);
        if free {
            self.lease = Some((server.to_owned(), Micros(now.0 + LEASE)));
        }
        free
    }

    /// This many more were looked at, the last of which is this one.
    pub fn note(&mut self, looked: i64, last: IdentityId, became: Reread) {
        self.done += looked;
        self.after = last;
        match became {
            Reread::Same => {}
            Reread::Renewed => self.reread += 1,
            Reread::Joined => self.joined += 1,
            Reread::Held => self.held += 1,
        }
    }

    /// There is nothing left to look at.
    pub fn finish(&mut self, now: Micros) {
        (self.finished_at, self.lease) = (Some(now), None);
        // What was erased meanwhile, or came in, was not counted at the beginning.
        self.total = self.done;
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::tenant::rereading::{LEASE, Reread, Rereading};
    use crate::ids::{IdentityId, Micros};

    #[test]
    fn one_server_is_at_it_until_it_stands_still_for_too_long() {
        let mut state = Rereading::new("US", "GB", 2, Micros(0));
        assert!(state.take("a", Micros(10)) && !state.take("b", Micros(20)));
        assert!(state.take("a", Micros(30)), "it goes on");
        assert!(!state.take("b", Micros(LEASE + 29)) && state.take("b", Micros(LEASE + 31)));
        state.note(1, IdentityId(7), Reread::Renewed);
        state.note(1, IdentityId(8), Reread::Held);
        state.finish(Micros(40));
        assert_eq!((state.done, state.reread, state.held, state.after), (2, 1, 1, IdentityId(8)));
        assert_eq!(state.lease, None);
        assert_eq!(Rereading::new("US", "GB", 0, Micros(3)).finished_at, Some(Micros(3)));
    }
}
