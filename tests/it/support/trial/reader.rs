//! A reader who comes back whenever its connection breaks.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rand::Rng;
use rapport::ids::read_id;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::server::{Client, by_email};
use crate::support::subscriber::{End, FEED, HISTORY, Subscriber};
use crate::support::trial::stage::Stage;

/// A reader that is told nothing for so long after everything was written has been told everything.
const SILENCE: Duration = Duration::from_secs(15);

/// What somebody reads, and what was told.
pub struct Reader {
    /// The customer; none for the feed.
    pub email: Option<String>,
    pub cursor: String,
    pub told: Vec<(bool, i64)>,
    pub resets: usize,
}

/// A reader at work.
pub struct StartedReader {
    pub task: JoinHandle<Reader>,
    /// Of a customer: its home, and where its log stood; nothing for the feed.
    pub start: Option<(i64, (i64, i64))>,
}

impl StartedReader {
    /// Reads on from now, in a task of its own.
    pub async fn start(
        client: &Client,
        email: Option<String>,
        start: Option<(i64, (i64, i64))>,
        stage: &Arc<Stage>,
        cuts: usize,
    ) -> StartedReader {
        let cursor = match &email {
            Some(email) => {
                let query = "query($by: CustomerRef!) { customer(by: $by) { history(first: 1) { liveCursor } } }";
                let data = client.gql(query, json!({ "by": by_email(email) })).await;
                data["customer"]["history"]["liveCursor"].clone()
            }
            None => client.gql("{ feed(first: 1) { liveCursor } }", json!({})).await["feed"]["liveCursor"].clone(),
        };
        let reader = Reader {
            email,
            cursor: cursor.as_str().expect("a cursor").to_owned(),
            told: Vec::new(),
            resets: 0,
        };
        StartedReader { task: tokio::spawn(reader.read(stage.clone(), cuts)), start }
    }
}

impl Reader {
    /// Reads until it is told the end, cutting its own connection while there are cuts left.
    async fn read(mut self, stage: Arc<Stage>, cuts: usize) -> Reader {
        let end = format!("end-{}", self.email.as_deref().unwrap_or("feed"));
        let mut heard = Instant::now();
        loop {
            let cutting = stage.cuts.load(Ordering::Relaxed) < cuts;
            let variables = match &self.email {
                Some(email) => json!({ "customer": by_email(email), "after": self.cursor }),
                None => json!({ "after": self.cursor }),
            };
            let session = async {
                let query = if self.email.is_some() { HISTORY } else { FEED };
                let mut subscriber =
                    Subscriber::try_start(&stage.client(), query, &variables).await?;
                loop {
                    let event = subscriber.next().await?;
                    heard = Instant::now();
                    if self.take(&event) == Some(&end) || self.resets > 0 {
                        return Ok(());
                    }
                }
            };
            let patience = if cutting {
                Duration::from_micros(rand::rng().random_range(0..150_000))
            } else {
                Duration::from_secs(1)
            };
            match tokio::time::timeout(patience, session).await {
                Ok(Ok(())) => return self,
                Ok(Err(End::Refused(errors)))
                    if errors[0]["extensions"]["code"] != "UNAVAILABLE" =>
                {
                    panic!("a reader was refused: {errors}")
                }
                Ok(Err(_)) => stage.wait().await,
                Err(_) if cutting => drop(stage.cuts.fetch_add(1, Ordering::Relaxed)),
                Err(_) => {}
            }
            if stage.over.load(Ordering::Relaxed) && heard.elapsed() > SILENCE {
                return self;
            }
        }
    }

    /// Notes what an event says; its source id.
    fn take<'a>(&mut self, event: &'a Value) -> Option<&'a str> {
        event["cursor"].as_str().expect("a cursor").clone_into(&mut self.cursor);
        match event["__typename"].as_str() {
            Some("HistoryReset") => self.resets += 1,
            Some(kind @ ("HistoryItemAdded" | "HistoryItemUpdated")) => {
                let item = event["item"]["id"].as_str().and_then(read_id).expect("an item").2;
                self.told.push((kind == "HistoryItemAdded", item));
                return event["item"]["sourceId"].as_str();
            }
            _ => {}
        }
        None
    }
}
