//! Words of the history, picked by how many items have them.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use rapport::domain::rapport::Rapport;
use rapport::domain::text::fts_words;
use rapport::ids::TenantId;
use sea_orm::QueryResult;

use crate::rng::Rng;

/// Places of the history at which items are read, and how many at each.
const PLACES: usize = 40;
const ITEMS: usize = 1_000;
/// The most words that are looked at, and that are picked.
const LOOKED_AT: usize = 200;
const PICKED: usize = 20;

/// Items as numbers of their words.
struct Read {
    words: Vec<String>,
    items: Vec<Vec<u32>>,
}

/// Up to 20 words with which from `least` to `most` of all items have a word that begins so: the last word that is
/// typed counts as a beginning.
pub async fn words(
    rapport: &Rapport,
    tenant: i64,
    seed: u64,
    (least, most): (f64, f64),
) -> Result<Vec<String>> {
    let read = read(rapport, tenant, seed).await?;
    let all = read.items.len() as f64;
    let inside = |count: usize| (least..=most).contains(&(count as f64 / all));
    let mut counts = vec![0usize; read.words.len()];
    for word in read.items.iter().flatten() {
        counts[*word as usize] += 1;
    }
    let plain = |word: &str| word.len() >= 4 && word.bytes().all(|b| b.is_ascii_lowercase());
    let mut candidates: Vec<usize> = (0..read.words.len())
        .filter(|n| counts[*n] as f64 / all <= most && counts[*n] as f64 / all >= least / 2.0)
        .filter(|n| plain(&read.words[*n]))
        .collect();
    // By their letters, so that the order in which they were met does not matter.
    candidates.sort_by(|a, b| read.words[*a].cmp(&read.words[*b]));
    let mut rng = Rng::of(seed, 8, 0);
    let mut picked = Vec::new();
    for _ in 0..LOOKED_AT.min(candidates.len()) {
        let word = &read.words[candidates.swap_remove(rng.below(candidates.len()))];
        if inside(read.with(word)) {
            picked.push(word.clone());
        }
        if picked.len() == PICKED {
            break;
        }
    }
    ensure!(!picked.is_empty(), "no word is in {least} to {most} of {all} items");
    Ok(picked)
}

impl Read {
    /// Items with a word that begins so.
    fn with(&self, beginning: &str) -> usize {
        let begins: Vec<bool> = self.words.iter().map(|word| word.starts_with(beginning)).collect();
        self.items.iter().filter(|item| item.iter().any(|word| begins[*word as usize])).count()
    }
}

async fn read(rapport: &Rapport, tenant: i64, seed: u64) -> Result<Read> {
    let tenant = TenantId(tenant);
    let mut ends = [0i64; 2];
    for (end, order) in ends.iter_mut().zip(["ASC", "DESC"]) {
        let mut sql = rapport.store.sql();
        sql.push("SELECT id FROM engagement WHERE tenant = ").bind(tenant);
        sql.push(&format!(" ORDER BY id {order} LIMIT 1"));
        let row = rapport.store.one(sql).await.map_err(|error| anyhow::anyhow!(error.detail()))?;
        *end = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    }
    let mut rng = Rng::of(seed, 9, 0);
    let (mut numbers, mut items) = (HashMap::new(), Vec::new());
    for _ in 0..PLACES {
        let from = ends[0] + ((ends[1] - ends[0]) as f64 * rng.unit()) as i64;
        let mut until = i64::MAX;
        for (columns, table) in [("id, text, data", "engagement"), ("id, title, url", "page_view")]
        {
            let mut sql = rapport.store.sql();
            sql.push(&format!("SELECT {columns} FROM {table} WHERE tenant = ")).bind(tenant);
            sql.push(" AND id >= ").bind(from).push(" AND id <= ").bind(until);
            sql.push(&format!(" ORDER BY id LIMIT {ITEMS}"));
            let rows =
                rapport.store.all(sql).await.map_err(|error| anyhow::anyhow!(error.detail()))?;
            // Page views of the same time, so that both are there in their proportion.
            if let Some(last) = rows.last() {
                until = until.min(last.try_get_by_index(0)?);
            }
            for row in &rows {
                items.push(item(row, &mut numbers)?);
            }
        }
    }
    let mut words = vec![String::new(); numbers.len()];
    for (word, number) in numbers {
        words[number as usize] = word;
    }
    Ok(Read { words, items })
}

fn item(row: &QueryResult, numbers: &mut HashMap<String, u32>) -> Result<Vec<u32>> {
    let texts: [Option<String>; 2] = [row.try_get_by_index(1)?, row.try_get_by_index(2)?];
    let words = fts_words(&texts.map(Option::unwrap_or_default).join(" "));
    let number = |word| {
        let next = numbers.len() as u32;
        *numbers.entry(word).or_insert(next)
    };
    Ok(words.into_iter().map(number).collect())
}
