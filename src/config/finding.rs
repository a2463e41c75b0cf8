//! What `rapport doctor` found: one thing that was looked at, and what is to be said about it.

use std::fmt;

use serde::Serialize;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Ok,
    /// rapport serves, but not as well as it could, or not for long.
    Warn,
    /// rapport does not start, or serves wrongly.
    Error,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    pub level: Level,
    pub what: &'static str,
    pub result: String,
}

impl Finding {
    pub fn ok(what: &'static str, result: impl Into<String>) -> Self {
        Finding { level: Level::Ok, what, result: result.into() }
    }

    pub fn warn(what: &'static str, result: impl Into<String>) -> Self {
        Finding { level: Level::Warn, what, result: result.into() }
    }

    pub fn error(what: &'static str, result: impl Into<String>) -> Self {
        Finding { level: Level::Error, what, result: result.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Error => "error",
        };
        write!(f, "{level:<5} {}: {}", self.what, self.result)
    }
}
