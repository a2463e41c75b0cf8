//! The outgoing stream of a tenant: a Redis Stream of `CloudEvents`, `<prefix>:<tenant>:feed`.

use std::sync::LazyLock;

use redis::{Script, pipe};

use crate::bus::lease::lease_key;
use crate::bus::link::Link;
use crate::error::{Code, Error};

fn key(link: &Link, tenant_name: &str) -> String {
    link.key(format_args!("{tenant_name}:feed"))
}

pub(crate) async fn append(
    link: &Link,
    tenant_name: &str,
    entries: &[(String, String)],
    max_len: u64,
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
            .arg(max_len)
            .arg("*")
            .arg("id")
            .arg(id)
            .arg("event")
            .arg(event)
            .ignore();
    }
    link.patient(pipeline.exec_async(&mut connection)).await.map_err(|reason| failed(&reason))
}

/// Appends where the owner holds the lease. Keys: lease, stream; arguments: owner, length, then id and event of each
/// entry.
static APPEND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end \
         for n = 3, #ARGV, 2 do redis.call('XADD', KEYS[2], \
         'MAXLEN', '~', ARGV[2], '*', 'id', ARGV[n], 'event', ARGV[n + 1]) end \
         return 1",
    )
});

pub(crate) async fn append_holding(
    link: &Link,
    (lease, owner): (&str, &str),
    tenant_name: &str,
    entries: &[(String, String)],
    max_len: u64,
) -> Result<bool, Error> {
    let mut connection = link.connection().ok_or_else(away)?;
    let mut call = APPEND.prepare_invoke();
    call.key(lease_key(link, lease)).key(key(link, tenant_name)).arg(owner).arg(max_len);
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
