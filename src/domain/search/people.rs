//! The search for people: by ranges, then by typos and fragments where nobody is found.

use crate::domain::identifier::{IdentifierRules, Parsed, parse};
use crate::domain::model::person_card::Told;
use crate::domain::rapport::Rapport;
use crate::domain::search::hit::PersonHit;
use crate::domain::search::page::{Page, statement};
use crate::domain::search::place::PersonKey;
use crate::domain::search::placed::Shown;
use crate::domain::search::rank::{Keys, WHOLE_WORD, Way};
use crate::domain::search::values::Values;
use crate::domain::search::{MOST_HITS, WHOLE_SCORE, fuzzy};
use crate::domain::text::{Reading, SearchQuery, Weight};
use crate::entity::kinds::IdentityKind;
use crate::error::Result;
use crate::ids::TenantId;

/// The kinds that a text without blanks may be a whole identity of. Emails and numbers are told by the query itself,
/// EXTERNAL ids have a namespace that nobody types.
const WHOLE_KINDS: [IdentityKind; 8] = [
    IdentityKind::Whatsapp,
    IdentityKind::Facebook,
    IdentityKind::Instagram,
    IdentityKind::Telegram,
    IdentityKind::Twitter,
    IdentityKind::UserId,
    IdentityKind::AnonymousId,
    IdentityKind::Device,
];

impl Rapport {
    /// People whom the text finds, best first: whole identities, whole words, beginnings of words, then fragments and
    /// typos. Every customer once, as its survivor. At most [`MOST_HITS`]; a text without letters and digits finds nobody.
    pub async fn search_people(
        &self,
        tenant: TenantId,
        typed: &str,
        first: usize,
        after: Option<PersonKey>,
    ) -> Result<Vec<PersonHit>> {
        self.people(tenant, typed, Page { first, after, shown: Shown::All }).await
    }

    /// The same with what their cards hold: the rest of a customer (version, times, counts, homes) may be empty.
    pub async fn search_cards(
        &self,
        tenant: TenantId,
        typed: &str,
        first: usize,
        after: Option<PersonKey>,
    ) -> Result<Vec<PersonHit>> {
        self.people(tenant, typed, Page { first, after, shown: Shown::Card }).await
    }

    async fn people(&self, tenant: TenantId, typed: &str, page: Page) -> Result<Vec<PersonHit>> {
        let Page { first, after, shown } = page;
        let first = first.min(MOST_HITS);
        let rules = self.rules(tenant).await?;
        let query = SearchQuery::parse(typed, &rules.identifiers);
        if query.is_empty() || first == 0 {
            return Ok(Vec::new());
        }
        let keys = whole_keys(typed, &query, &rules.identifiers);
        let mut ways = vec![Way { query, keys, weight: Weight::Full }];
        let others = Reading::others(typed, &rules.identifiers).into_iter().map(Way::of);
        let (whole, untitled): (Vec<Way>, Vec<Way>) =
            others.partition(|way| way.weight == Weight::Full);
        ways.extend(whole);
        let mut found = Found { hits: Vec::new(), first, after };
        let most = Page { first: MOST_HITS, after, shown: Shown::All };
        if let [way] = &ways[..] {
            // Hits of several ways are put in order by what heads tell.
            let shown = if untitled.is_empty() { shown } else { Shown::All };
            let (page, query) = (Page { first, after, shown }, &way.query);
            let read = |rank, told: Told<'_>| (PersonHit::found(rank, told, query), None);
            found.hits = self.by_ranges(tenant, way, page, read).await?;
        } else {
            // Any of them may find the best: who is on which page must not hang on how many another one finds.
            for way in &ways {
                found.add(self.by_ranges(tenant, way, most, PersonHit::looked_at).await?, &ways);
            }
        }
        // Who typed a whole address meant it.
        let meant = !ways[0].query.identities.is_empty()
            && found.hits.first().is_some_and(|(hit, ..)| hit.key().score() == WHOLE_SCORE);
        if found.is_short() && !meant {
            let asked_ways = ways.len();
            ways.extend(untitled);
            for way in &ways[asked_ways..] {
                found.add(self.by_ranges(tenant, way, most, PersonHit::looked_at).await?, &ways);
            }
            // Without its titles, a text has fewer words that must be alike.
            let all = &ways.last().unwrap_or(&ways[0]).query;
            let asked = if all.numbers.is_empty() { all } else { &ways[0].query };
            // A text that is read in several ways may mean pieces of a number, which only this look finds.
            let wanted = asked_ways > 1 || nobody(&found);
            if found.is_short() && wanted && fuzzy::worth_it(asked) {
                self.store.settle(&[fuzzy::INDEX]).await;
                let sql = fuzzy::statement(self.store.sql(), tenant, asked);
                let rows = self.store.search(sql).await?;
                let hits = self.hits(tenant, &rows, Shown::All, PersonHit::looked_at).await?;
                found.add(hits, &ways);
            }
        }
        let marked = |(hit, unmarked): (PersonHit, Unmarked)| match unmarked {
            Some((values, way)) => hit.marked(&values, &ways[way].query),
            None => hit,
        };
        Ok(found.hits.into_iter().map(marked).collect())
    }

    async fn by_ranges<V: Send>(
        &self,
        tenant: TenantId,
        way: &Way,
        page: Page,
        read: impl FnMut(i64, Told<'_>) -> (PersonHit, V) + Send,
    ) -> Result<Vec<(PersonHit, V)>> {
        let sql = statement(self.store.sql(), tenant, way, page);
        self.hits(tenant, &self.store.all(sql).await?, page.shown, read).await
    }
}

impl Way {
    fn of(reading: Reading) -> Way {
        let Reading { query, weight } = reading;
        let keys = keys_of(&query);
        Way { query, keys, weight }
    }
}

/// Whether the ranges found nobody, on this page or one before.
fn nobody(found: &Found) -> bool {
    found.hits.is_empty() && found.after.is_none_or(|after| after.score() <= WHOLE_WORD)
}

/// What a hit is marked by, and the way by which it was found; nothing of hits that are marked already.
type Unmarked = Option<(Values<'static>, usize)>;

/// A page that fills.
struct Found {
    hits: Vec<(PersonHit, Unmarked)>,
    first: usize,
    after: Option<PersonKey>,
}

impl Found {
    fn is_short(&self) -> bool {
        self.hits.len() < self.first
    }

    /// Hits that were looked for in other ways, each at the best place that any of the ways gives it.
    fn add(&mut self, hits: Vec<(PersonHit, Values<'static>)>, ways: &[Way]) {
        for (mut hit, values) in hits {
            if self.hits.iter().any(|(known, ..)| known.customer.id == hit.customer.id) {
                continue;
            }
            let Some(way) = hit.rank(ways, &values) else { continue };
            // Some have their place on a page before, by another way.
            if self.after.is_none_or(|after| hit.key() < after) {
                self.hits.push((hit, Some((values, way))));
            }
        }
        self.hits.sort_by_key(|(hit, ..)| std::cmp::Reverse(hit.key()));
        self.hits.truncate(self.first);
    }
}

fn keys_of(query: &SearchQuery) -> Keys {
    let keys = query.identities.iter();
    keys.map(|identity| (identity.namespace.clone(), identity.match_key.clone())).collect()
}

fn whole_keys(typed: &str, query: &SearchQuery, rules: &IdentifierRules) -> Keys {
    let mut keys = keys_of(query);
    if query.whole.is_some() {
        for kind in WHOLE_KINDS {
            if let Ok(Parsed::Identifier(identity)) = parse(kind, typed, None, rules)
                && !keys.contains(&(identity.namespace.clone(), identity.match_key.clone()))
            {
                keys.push((identity.namespace, identity.match_key));
            }
        }
    }
    keys
}
