//! The paging arguments of a Relay connection (`first`, `after`, `last`, `before`), checked.

use crate::error::Code;
use crate::graphql::fault::{Fault, Result};

/// Items on a page.
pub const MOST: i32 = 200;
/// How far a count goes where none is kept; the store is asked for one more, to know whether there are more.
pub const COUNTED: u64 = 1_000;

/// Which page of a list: checked paging arguments.
#[derive(Clone, Debug)]
pub struct PageArguments {
    pub limit: u64,
    pub after: Option<String>,
    pub before: Option<String>,
    pub backwards: bool,
}

impl PageArguments {
    pub fn new(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        usual: i32,
    ) -> Result<PageArguments> {
        if first.is_some() && last.is_some() {
            return Err(Fault::new(Code::InvalidArgument, "first and last do not go together"));
        }
        let wanted = first.or(last).unwrap_or(usual);
        let limit = u64::try_from(wanted).ok().filter(|_| wanted <= MOST);
        let limit = limit.ok_or_else(|| {
            Fault::new(Code::InvalidArgument, format!("first and last are from 0 to {MOST}"))
        })?;
        Ok(PageArguments { limit, after, before, backwards: last.is_some() })
    }

    pub fn forwards(
        first: Option<i32>,
        after: Option<String>,
        usual: i32,
    ) -> Result<PageArguments> {
        PageArguments::new(first, after, None, None, usual)
    }

    /// Takes away what was read beyond the page, one row more than it shows; whether there was one.
    pub fn cut<T>(&self, rows: &mut Vec<T>) -> bool {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        more
    }

    /// Whether there is more after the page and before it, where `more` tells of the direction of
    /// paging.
    pub fn more(&self, more: bool) -> (bool, bool) {
        if self.backwards { (self.before.is_some(), more) } else { (more, self.after.is_some()) }
    }
}
