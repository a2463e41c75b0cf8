//! What the calls of rapport's domain cost in the process itself: no HTTP, no GraphQL. For finding where the time goes.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use rapport::domain::customer::beside::Beside;
use rapport::domain::customer::list::{CustomerFilter, CustomerList, CustomerOrder};
use rapport::domain::history::page::PageRequest;
use rapport::domain::history::record::{NewBody, NewItem, Ref};
use rapport::domain::identity::identify::{Given, IdentifyRequest};
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{Channel, Direction, IdentityKind};
use rapport::error::Error;
use rapport::ids::TenantId;

use crate::generate::{open, size};

#[derive(Clone, Debug, Args)]
pub struct Calls {
    /// A filled store
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    /// How often each is called
    #[arg(long, default_value_t = 200)]
    pub times: usize,
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn plain(error: Error) -> anyhow::Error {
    anyhow!(error.detail())
}

fn given(kind: IdentityKind, value: &str) -> Given {
    Given { kind, value: value.into(), namespace: None, verified: false, path: Vec::new() }
}

/// p50 and p99 in microseconds.
async fn timed(
    name: &str,
    times: usize,
    mut call: impl AsyncFnMut(usize) -> Result<()>,
) -> Result<()> {
    let mut took = Vec::with_capacity(times);
    for n in 0..times {
        let start = Instant::now();
        call(n).await.with_context(|| name.to_string())?;
        took.push(start.elapsed().as_micros());
    }
    took.sort_unstable();
    println!(
        "{name:<44} first quarter {:>7} µs   p50 {:>7} µs   p99 {:>7} µs",
        took[times / 4],
        took[times / 2],
        took[times * 99 / 100]
    );
    Ok(())
}

pub async fn run(options: &Calls) -> Result<()> {
    let rapport = open(&options.database_url).await?;
    let tenant = TenantId(size(&rapport).await?.0);
    let scope = Scope { tenant, actor: Arc::from("bench"), request_id: Arc::from("bench") };
    let times = options.times;
    for who in ["hot", "wide", "merged2", "merged8", "merged32"] {
        let by = Ref::Identity(given(IdentityKind::Email, &format!("{who}@bench.example")));
        timed(&format!("customer {who}"), times, async |_| {
            rapport
                .customer(tenant, &by)
                .await
                .map_err(plain)?
                .context("the store is not filled")?;
            Ok(())
        })
        .await?;
        let customer = rapport
            .customer(tenant, &by)
            .await
            .map_err(plain)?
            .context("the store is not filled")?;
        timed(&format!("contacts {who}"), times, async |_| {
            rapport.contacts(tenant, &[customer.id]).await.map_err(plain)?;
            Ok(())
        })
        .await?;
        let mut request = PageRequest { limit: 50, ..PageRequest::default() };
        timed(&format!("history 50 {who}"), times, async |_| {
            let pages = rapport
                .histories(tenant, std::slice::from_ref(&customer.homes), &request)
                .await
                .map_err(plain)?;
            anyhow::ensure!(pages[0].items.len() == 50);
            Ok(())
        })
        .await?;
        if who == "hot" {
            let old = rapport
                .histories(
                    tenant,
                    std::slice::from_ref(&customer.homes),
                    &PageRequest { backwards: true, limit: 10_000, ..request.clone() },
                )
                .await
                .map_err(plain)?;
            let place = old[0].items.first().map(|item| (item.occurred_at, item.id));
            request.after = place;
            timed("history 50 hot, 90 % deep", times, async |_| {
                let pages = rapport
                    .histories(tenant, std::slice::from_ref(&customer.homes), &request)
                    .await
                    .map_err(plain)?;
                anyhow::ensure!(pages[0].items.len() == 50);
                Ok(())
            })
            .await?;
        }
    }
    let list = |after| CustomerList {
        filter: CustomerFilter::default(),
        order: CustomerOrder::LastSeenDesc,
        limit: 20,
        after,
        before: None,
        backwards: false,
    };
    timed("customer list 20", times, async |_| {
        anyhow::ensure!(
            rapport
                .customer_list(tenant, &list(None), Beside::default())
                .await
                .map_err(plain)?
                .0
                .len()
                == 20
        );
        Ok(())
    })
    .await?;
    let (page, _) =
        rapport.customer_list(tenant, &list(None), Beside::default()).await.map_err(plain)?;
    timed("customer list 20, second page", times, async |_| {
        rapport
            .customer_list(
                tenant,
                &list(page.last().map(|(_, place)| place.clone())),
                Beside::default(),
            )
            .await
            .map_err(plain)?;
        Ok(())
    })
    .await?;
    for order in [CustomerOrder::CreatedDesc, CustomerOrder::NameAsc] {
        timed(&format!("customer list 20, {order:?}"), times, async |_| {
            rapport
                .customer_list(tenant, &CustomerList { order, ..list(None) }, Beside::default())
                .await
                .map_err(plain)?;
            Ok(())
        })
        .await?;
    }
    let homes: Vec<_> = page.iter().map(|(found, _)| found.customer.homes.clone()).collect();
    let ids: Vec<_> = page.iter().map(|(found, _)| found.customer.id).collect();
    timed("contacts of 20", times, async |_| {
        rapport.contacts(tenant, &ids).await.map_err(plain)?;
        Ok(())
    })
    .await?;
    timed("histories 5 of 20", times, async |_| {
        rapport
            .histories(tenant, &homes, &PageRequest { limit: 5, ..PageRequest::default() })
            .await
            .map_err(plain)?;
        Ok(())
    })
    .await?;
    timed("latest 50 of the tenant", times, async |_| {
        rapport
            .latest(tenant, &PageRequest { limit: 50, ..PageRequest::default() })
            .await
            .map_err(plain)?;
        Ok(())
    })
    .await?;
    for typed in [
        "mar",
        "maria mul",
        "mu",
        "kowalski",
        "thomas@",
        "0915",
        "zzzzqq",
        "masria muller",
        "hot@bench.example",
    ] {
        timed(&format!("search {typed:?}"), times.min(50), async |_| {
            rapport.search_people(tenant, typed, 20, None).await.map_err(plain)?;
            Ok(())
        })
        .await?;
    }
    for typed in ["ticket open", "denkor", "ra"] {
        timed(&format!("search the history {typed:?}"), times.min(20), async |_| {
            rapport.search_history(tenant, typed, 20, None).await.map_err(plain)?;
            Ok(())
        })
        .await?;
    }
    let identify = |email: String, phone: Option<String>| IdentifyRequest {
        given: [
            Some(given(IdentityKind::Email, &email)),
            phone.map(|phone| given(IdentityKind::Phone, &phone)),
        ]
        .into_iter()
        .flatten()
        .collect(),
        ..IdentifyRequest::default()
    };
    timed("identify known", times, async |_| {
        rapport
            .identify(&scope, &identify("hot@bench.example".into(), None))
            .await
            .map(drop)
            .map_err(plain)
    })
    .await?;
    timed("identify in one of 1,000 contacts", times, async |_| {
        rapport
            .identify(&scope, &identify("wide@bench.example".into(), None))
            .await
            .map(drop)
            .map_err(plain)
    })
    .await?;
    let run = rapport.clock.next_id();
    timed("identify new", times, async |n| {
        rapport
            .identify(
                &scope,
                &identify(
                    format!("c{run}.{n}@calls.example"),
                    Some(format!("+4915{:09}", (run >> 12) % 700_000_000 + n as i64)),
                ),
            )
            .await
            .map(drop)
            .map_err(plain)
    })
    .await?;
    let message = |who: &str, n: usize| NewItem {
        channel_label: None,
        who: Some(Ref::Identity(given(IdentityKind::Email, who))),
        channel: Channel::Whatsapp,
        direction: Some(Direction::Inbound),
        occurred_at: None,
        source: Some("bench".into()),
        source_id: Some(format!("{run}-{n}")),
        body: NewBody::Message {
            text: Some("a message of a few words, as people write them".into()),
            parts: Vec::new(),
            state: None,
        },
        files: Vec::new(),
    };
    timed("record one", times, async |n| {
        let results =
            rapport.record(&scope, &[message("merged2@bench.example", n)]).await.map_err(plain)?;
        anyhow::ensure!(results[0].as_ref().is_ok_and(|recorded| !recorded.duplicate));
        Ok(())
    })
    .await
}
