//! Looks at a Redis and changes nothing.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisError, cmd};

use crate::bus::cause::cause;
use crate::bus::client::client;
use crate::config::Finding;

const WHAT: &str = "redis";
/// How long it may take to let somebody in.
const WITHIN: Duration = Duration::from_secs(2);
const OLDEST_VERSION: u32 = 7;

/// Looks at the Redis at this address.
pub async fn examine(redis_url: &str) -> Vec<Finding> {
    let client = match client(redis_url) {
        Ok(client) => client,
        Err(problem) => return vec![Finding::error(WHAT, problem)],
    };
    let address = client.get_connection_info().addr().to_string();
    let failed = |why: String| {
        let without = "rapport works on without it, more slowly";
        vec![Finding::error(WHAT, format!("REDIS_URL: {address}: {why}; {without}"))]
    };
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    let ask = async {
        let mut link = client.get_multiplexed_async_connection_with_config(&config).await?;
        Ok::<_, RedisError>((info(&mut link, "server").await?, info(&mut link, "memory").await?))
    };
    match tokio::time::timeout(WITHIN, ask).await {
        Ok(Ok((server, memory))) => of_answers(&address, &server, &memory),
        Ok(Err(error)) => failed(cause(&error)),
        Err(_) => failed("no answer within 2 s".into()),
    }
}

async fn info(link: &mut MultiplexedConnection, part: &str) -> Result<String, RedisError> {
    cmd("INFO").arg(part).query_async(link).await
}

/// A line's value of what `INFO` answers.
fn value<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'))
}

fn of_answers(address: &str, server: &str, memory: &str) -> Vec<Finding> {
    let version = value(server, "redis_version").unwrap_or("unknown");
    let number: Option<u32> = version.split('.').next().and_then(|number| number.parse().ok());
    let found = format!("Redis {version} at {address}");
    let mut findings = vec![match number {
        Some(number) if number < OLDEST_VERSION => {
            Finding::warn(WHAT, format!("{found}; rapport is made for 7 and newer"))
        }
        _ => Finding::ok(WHAT, found),
    }];
    let policy = value(memory, "maxmemory_policy").unwrap_or_default();
    let bounded = value(memory, "maxmemory").is_some_and(|bytes| bytes != "0");
    if bounded && policy != "noeviction" && policy != "volatile-ttl" {
        findings.push(Finding::warn(
            WHAT,
            format!("maxmemory-policy {policy} may throw out outgoing streams when Redis is full; volatile-ttl keeps them longest"),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::bus::examine::of_answers;
    use crate::config::Level;

    #[test]
    fn an_old_redis_and_one_that_throws_streams_out_are_warned_of() {
        let look = |version: &str, bytes: &str, policy: &str| -> Vec<Level> {
            let server = format!("# Server\r\nredis_version:{version}\r\n");
            let memory = format!("maxmemory:{bytes}\r\nmaxmemory_policy:{policy}\r\n");
            of_answers("h:1", &server, &memory).iter().map(|finding| finding.level).collect()
        };
        assert_eq!(look("7.0.15", "0", "allkeys-lru"), [Level::Ok], "nothing is thrown out");
        assert_eq!(look("7.2.4", "1000", "volatile-ttl"), [Level::Ok]);
        assert_eq!(look("8.0.0", "1000", "allkeys-lru"), [Level::Ok, Level::Warn]);
        assert_eq!(look("6.2.1", "1000", "noeviction"), [Level::Warn]);
    }
}
