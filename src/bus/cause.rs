//! Why Redis cannot be used: the cause in one line, without a password.

use redis::{ErrorKind, RedisError};

/// How Redis, or the way to it, failed.
pub(crate) fn cause(error: &RedisError) -> String {
    let text = error.to_string().replace('\n', " ");
    match error.code() {
        Some("NOAUTH") => return "it wants a password: redis://:password@host:6379".into(),
        Some("WRONGPASS") => return format!("the password, or the user, is wrong; {ESCAPED}"),
        Some("NOPERM") => return format!("the user may not do that ({text})"),
        _ => {}
    }
    if error.kind() == ErrorKind::AuthenticationFailed {
        return format!("the password, or the user, is wrong; {ESCAPED}");
    }
    if error.is_connection_refusal() {
        return "nothing listens there (connection refused)".into();
    }
    if text.contains("failed to lookup address") {
        return "there is no such host".into();
    }
    text
}

const ESCAPED: &str = "in an address @ is written %40, / %2F, ? %3F, # %23 and % %25 where it is part of the password";
