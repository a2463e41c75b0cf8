//! Buckets of this process: a bucket is the moment at which it will have drained, and one that has is no bucket.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::bus::limiter::rule::{Allowance, Rule};

const SHARDS: usize = 32;
/// Buckets of one shard. Above it drained ones are dropped, then the ones nearest to it.
const SHARD_BUCKETS: usize = 8_192;

/// Nanoseconds since the limiter was made.
type Moment = u64;

fn moment(nanos: u128) -> Moment {
    Moment::try_from(nanos).unwrap_or(Moment::MAX)
}

/// Limits of one process.
pub struct MemoryLimiter {
    born: Instant,
    hasher: RandomState,
    shards: [Mutex<HashMap<Box<str>, Moment>>; SHARDS],
}

impl Default for MemoryLimiter {
    fn default() -> Self {
        MemoryLimiter {
            born: Instant::now(),
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::default()),
        }
    }
}

impl MemoryLimiter {
    pub(crate) fn take(&self, key: &str, cost: u32, rule: Rule, now: Instant) -> Allowance {
        let now = moment(now.saturating_duration_since(self.born).as_nanos());
        #[expect(clippy::cast_possible_truncation, reason = "any bits of the hash choose a shard")]
        let shard = self.hasher.hash_one(key) as usize % SHARDS;
        let mut shard = self.shards[shard].lock();
        let (drained, allowance) = pour(shard.get(key).copied().unwrap_or(now), now, cost, rule);
        if allowance.allowed && cost > 0 {
            if let Some(bucket) = shard.get_mut(key) {
                *bucket = drained;
            } else {
                if shard.len() >= SHARD_BUCKETS {
                    make_room(&mut shard, now);
                }
                shard.insert(key.into(), drained);
            }
        }
        allowance
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().len()).sum()
    }
}

fn make_room(shard: &mut HashMap<Box<str>, Moment>, now: Moment) {
    shard.retain(|_, drained| *drained > now);
    if shard.len() > SHARD_BUCKETS / 2 {
        let mean =
            shard.values().map(|drained| u128::from(*drained)).sum::<u128>() / shard.len() as u128;
        // At least the lowest goes, so that there always is room.
        shard.retain(|_, drained| u128::from(*drained) > mean);
    }
}

/// The bucket that would have drained at `drained`, after `cost` more points.
fn pour(drained: Moment, now: Moment, cost: u32, rule: Rule) -> (Moment, Allowance) {
    let nanos = |points: u32| {
        moment(u128::from(points) * 1_000_000_000 / u128::from(rule.per_second.max(1)))
    };
    let full = nanos(rule.burst);
    // A rule that became stricter does not punish for the past.
    let drained = drained.clamp(now, now + full);
    let next = drained + nanos(cost);
    let left = |drained: Moment| {
        let room = u128::from(full.saturating_sub(drained - now));
        // One nanosecond for what whole nanoseconds cannot say.
        let points = (room + 1) * u128::from(rule.per_second) / 1_000_000_000;
        u32::try_from(points).map_or(rule.burst, |points| points.min(rule.burst))
    };
    if next - now <= full {
        (next, Allowance { allowed: true, remaining: left(next), retry_after: Duration::ZERO })
    } else {
        (
            drained,
            Allowance {
                allowed: false,
                remaining: left(drained),
                retry_after: Duration::from_nanos(next - now - full),
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::bus::limiter::memory::{MemoryLimiter, SHARD_BUCKETS, SHARDS};
    use crate::bus::limiter::rule::Rule;

    const RULE: Rule = Rule { per_second: 10, burst: 100 };

    #[test]
    fn points_are_taken_refused_and_come_back_with_time() {
        let limiter = MemoryLimiter::default();
        let start = Instant::now();
        for (second, cost, allowed, remaining, retry_ms) in [
            (0, 60, true, 40, 0),
            (0, 60, false, 40, 2_000),
            (0, 0, true, 40, 0),
            (1, 60, false, 50, 1_000),
            (2, 60, true, 0, 0),
            (2, 1, false, 0, 100),
            (4, 20, true, 0, 0),
            (1_000, 0, true, 100, 0),
            (1_000, 100, true, 0, 0),
        ] {
            let got = limiter.take("me", cost, RULE, start + Duration::from_secs(second));
            assert_eq!(
                (got.allowed, got.remaining, got.retry_after.as_millis()),
                (allowed, remaining, retry_ms),
                "second {second}, cost {cost}"
            );
        }
        let stricter = limiter.take(
            "me",
            1,
            Rule { per_second: 10, burst: 10 },
            start + Duration::from_secs(1_000),
        );
        assert_eq!(
            (stricter.allowed, stricter.retry_after),
            (false, Duration::from_millis(100)),
            "a stricter rule does not punish for the past"
        );
        let thirds = Rule { per_second: 3, burst: 100 };
        assert_eq!(limiter.take("thirds", 0, thirds, start).remaining, 100);
        assert_eq!(limiter.take("thirds", 1, thirds, start).remaining, 99);
        assert!(
            limiter.take("you", 100, RULE, start).allowed,
            "another key has a bucket of its own"
        );
    }

    #[test]
    fn memory_is_bounded_and_the_emptiest_are_kept() {
        let limiter = MemoryLimiter::default();
        let start = Instant::now();
        assert!(limiter.take("spent", 100, RULE, start).allowed);
        for n in 0..300_000 {
            limiter.take(&format!("flood {n}"), 1, RULE, start);
            assert!(n % 10_000 != 0 || limiter.len() <= SHARDS * SHARD_BUCKETS);
        }
        assert!(
            !limiter.take("spent", 1, RULE, start).allowed,
            "a flood of other keys does not refill a bucket"
        );
        for n in 0..300_000 {
            limiter.take(
                &format!("later {n}"),
                1,
                RULE,
                start + Duration::from_secs(3_600 + n / 100_000),
            );
        }
        assert!(limiter.len() <= SHARDS * SHARD_BUCKETS);
        assert_eq!(limiter.take("spent", 0, RULE, start + Duration::from_hours(1)).remaining, 100);
    }
}
