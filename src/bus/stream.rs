//! The outgoing stream of a tenant: a Redis Stream of `CloudEvents`, `rapport:<store>:<tenant>:feed`. Which stores there
//! are stands in `rapport:stores`.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use redis::{Script, pipe};

use crate::bus::lease::lease_key;
use crate::bus::link::Link;
use crate::bus::settings::ROOT;
use crate::error::{Code, Error};

/// What is kept of a stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StreamRule {
    /// Entries, about.
    pub length: u64,
    /// How long a stream stays to which nothing is appended.
    pub idle: Duration,
}

impl StreamRule {
    fn idle_seconds(&self) -> u64 {
        self.idle.as_secs().max(1)
    }
}

fn key(link: &Link, tenant_name: &str) -> String {
    link.key(format_args!("{tenant_name}:feed"))
}

pub(crate) async fn append(
    link: &Link,
    tenant_name: &str,
    entries: &[(String, String)],
    rule: StreamRule,
) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut connection = link.connection().ok_or_else(away)?;
    let key = key(link, tenant_name);
    // One transaction: an entry in the middle can never be missing.
    let mut pipeline = pipe();
    pipeline.atomic();
    for (id, event) in entries {
        pipeline
            .cmd("XADD")
            .arg(&key)
            .arg("MAXLEN")
            .arg("~")
            .arg(rule.length)
            .arg("*")
            .arg("id")
            .arg(id)
            .arg("event")
            .arg(event)
            .ignore();
    }
    pipeline.cmd("EXPIRE").arg(&key).arg(rule.idle_seconds()).ignore();
    link.patient(pipeline.exec_async(&mut connection)).await.map_err(|reason| failed(&reason))
}

/// Appends where the owner holds the lease. Keys: lease, stream; arguments: owner, length, seconds that it stays, then id
/// and event of each entry.
static APPEND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end \
         for n = 4, #ARGV, 2 do redis.call('XADD', KEYS[2], \
         'MAXLEN', '~', ARGV[2], '*', 'id', ARGV[n], 'event', ARGV[n + 1]) end \
         redis.call('EXPIRE', KEYS[2], ARGV[3]) \
         return 1",
    )
});

pub(crate) async fn append_holding(
    link: &Link,
    (lease, owner): (&str, &str),
    tenant_name: &str,
    entries: &[(String, String)],
    rule: StreamRule,
) -> Result<bool, Error> {
    let mut connection = link.connection().ok_or_else(away)?;
    let mut call = APPEND.prepare_invoke();
    call.key(lease_key(link, lease)).key(key(link, tenant_name)).arg(owner);
    call.arg(rule.length).arg(rule.idle_seconds());
    for (id, event) in entries {
        call.arg(id).arg(event);
    }
    link.patient(call.invoke_async(&mut connection)).await.map_err(|reason| failed(&reason))
}

pub(crate) async fn last(link: &Link, tenant_name: &str) -> Result<Option<String>, Error> {
    let mut connection = link.connection().ok_or_else(away)?;
    let mut command = redis::cmd("XREVRANGE");
    command.arg(key(link, tenant_name)).arg("+").arg("-").arg("COUNT").arg(1);
    let newest: Vec<(String, Vec<(String, String)>)> = link
        .patient(command.query_async(&mut connection))
        .await
        .map_err(|reason| failed(&reason))?;
    Ok(newest
        .into_iter()
        .flat_map(|(_, fields)| fields)
        .find_map(|(name, value)| (name == "id").then_some(value)))
}

/// Writes down that this store has streams here, and forgets stores that did not for so long.
pub(crate) async fn announce(link: &Link, idle: Duration) -> Result<(), Error> {
    let mut connection = link.connection().ok_or_else(away)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let key = format!("{ROOT}:stores");
    let mut pipeline = pipe();
    pipeline.atomic();
    pipeline.cmd("ZADD").arg(&key).arg(now.as_secs()).arg(&link.store).ignore();
    let long_ago = now.saturating_sub(idle).as_secs();
    pipeline.cmd("ZREMRANGEBYSCORE").arg(&key).arg("-inf").arg(format!("({long_ago}")).ignore();
    link.patient(pipeline.exec_async(&mut connection)).await.map_err(|reason| failed(&reason))
}

pub(crate) fn unavailable(message: &str) -> Error {
    Error::coded(Code::Unavailable, message)
}

fn away() -> Error {
    unavailable("Redis cannot be reached at the moment")
}

fn failed(reason: &str) -> Error {
    tracing::warn!(reason, "the outgoing stream did not take or give entries");
    away()
}
