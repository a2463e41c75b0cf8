//! Customers, contacts, identities, and what they are found by.

use std::collections::BTreeSet;

use rapport::domain::identifier::{Identifier, IdentifierRules, Parsed, parse};
use rapport::domain::model::labels::trait_key;
use rapport::domain::text::{fold, terms_of_identifier, terms_of_name, terms_of_traits};
use rapport::entity::kinds::IdentityKind;

use crate::generate::rows::{Cell, Format, Rows};
use crate::generate::words;
use crate::rng::Rng;

/// 2025-01-01T00:00:00Z, where rapport's numbers start.
pub const EPOCH_MS: i64 = 1_735_689_600_000;
/// The customer of 100,000 items.
pub const HOT: usize = 0;
/// The customer of 1,000 contacts.
pub const WIDE: usize = 1;
/// Customers of this many homes each, from the third on.
pub const GROUPS: [usize; 5] = [2, 4, 8, 16, 32];
/// The first ordinary one.
pub const ORDINARY: usize = 2 + 62;

/// What the items of a person must know.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub number: i64,
    pub created: i64,
    /// Identities, 0 for none.
    pub email: i64,
    pub line: i64,
    /// Who it was merged into, or itself.
    pub survivor: u32,
}

/// The whole plan of a store.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    pub customers: usize,
    pub tenant: i64,
    /// Microseconds.
    pub now: i64,
    pub format: Format,
}

/// The tables of this file and their columns.
pub const TABLES: [(&str, &str); 9] = [
    (
        "customer",
        "tenant, number, name, name_key, name_at, status, stage, tags, traits, trait_times, created_at, updated_at",
    ),
    (
        "contact",
        "tenant, number, home, customer, email, phone_number, linked_id, link_precedence, created_at, updated_at",
    ),
    (
        "identity",
        "tenant, id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, last_seen",
    ),
    ("link_evidence", "tenant, a, b, rule, source, actor, at"),
    (TERMS, "tenant, term, field, home"),
    ("search_doc", "tenant, home, words"),
    ("merge_edge", "tenant, id, a, b, active, rule, from_identity, to_identity, source, actor, at"),
    ("customer_tag", "tenant, tag_key, number, tag"),
    ("customer_trait", "tenant, name, value, number"),
];

/// Where terms wait until the heads say when their people were seen last.
pub const TERMS: &str = "bench_term";

/// SQLite keeps the fragments in a full-text table.
pub const SQLITE_DOC: (&str, &str) = ("search_doc", "rowid, words, scope");

pub fn number_at(micros: i64, low: u64) -> i64 {
    ((micros / 1000 - EPOCH_MS) << 12) | (low & 0xfff) as i64
}

pub fn id_at(micros: i64, low: u64) -> i64 {
    ((micros / 1000 - EPOCH_MS) << 21) | (low & 0x1f_ffff) as i64
}

impl Plan {
    pub fn rng(&self, what: u64, number: usize) -> Rng {
        Rng::of(self.seed, what, number as u64)
    }

    /// Customers come evenly over the time since the numbers start.
    pub fn created(&self, i: usize) -> i64 {
        let start = EPOCH_MS * 1000 + 86_400_000_000;
        let span = self.now - 3_600_000_000 - start;
        start + (i128::from(span) * i as i128 / self.customers as i128) as i64
    }

    /// The oldest of a group; one customer of 500 is merged into the one before.
    pub fn survivor(&self, i: usize) -> usize {
        let mut first = 2;
        for homes in GROUPS {
            if (first..first + homes).contains(&i) {
                return first;
            }
            first += homes;
        }
        let merged = |i: usize| i > ORDINARY && self.rng(1, i).below(500) == 0;
        if merged(i) && !merged(i - 1) { i - 1 } else { i }
    }

    /// The address by which a special one is found.
    fn special(&self, i: usize) -> Option<String> {
        match i {
            HOT => Some("hot@bench.example".into()),
            WIDE => Some("wide@bench.example".into()),
            _ if i < ORDINARY => Some(match self.survivor(i) {
                // A group of k begins at place k.
                first if first == i => format!("merged{first}@bench.example"),
                _ => format!("member{i}@bench.example"),
            }),
            _ => None,
        }
    }
}

/// The rows of a block of people, table by table.
pub struct Block {
    pub people: Vec<Person>,
    pub rows: Vec<Rows>,
}

impl Block {
    pub fn of(plan: &Plan, range: std::ops::Range<usize>) -> Block {
        let mut block = Block {
            people: Vec::with_capacity(range.len()),
            rows: TABLES.iter().map(|_| Rows::new(plan.format)).collect(),
        };
        let rules = IdentifierRules::default();
        for i in range {
            block.person(plan, &rules, i);
        }
        block
    }

    fn person(&mut self, plan: &Plan, rules: &IdentifierRules, i: usize) {
        let mut rng = plan.rng(2, i);
        let tenant = plan.tenant;
        let created = plan.created(i);
        let number = number_at(created, rng.next());
        let survivor = plan.survivor(i);
        let survivor_number = if survivor == i {
            number
        } else {
            number_at(plan.created(survivor), plan.rng(2, survivor).next())
        };
        let (first, last) = words::person(&mut rng);
        let name = format!("{first} {last}");
        let contacts = match i {
            WIDE => 1_000,
            _ if i < ORDINARY => 1,
            _ => [
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                2,
                2,
                2,
                2,
                3,
                3,
                4,
                if rng.percent(50) { 5 } else { 6 },
            ][rng.below(20)],
        };
        let mut found: Vec<(i64, Identifier)> = Vec::new();
        let (mut last_email, mut last_line): (Option<usize>, Option<usize>) = (None, None);
        for c in 0..contacts {
            let at = created + c as i64 * (60_000_000 + rng.below(1_000_000_000) as i64);
            let contact = if c == 0 { number } else { number_at(at, rng.next()) };
            let unique = (i * 8 + c.min(7)) as u64 + if c > 7 { 80_000_000 + c as u64 } else { 0 };
            let (new_email, new_line) = match (c, rng.below(10)) {
                (0, 0..=6) => (true, true),
                (0, 7 | 8) => {
                    (i.is_multiple_of(2) || i < ORDINARY, !i.is_multiple_of(2) || i < ORDINARY)
                }
                (0, _) => (true, i < ORDINARY),
                (_, n) => (n < 6 || last_line.is_none(), n >= 6 && last_line.is_some()),
            };
            let mut both = Vec::new();
            for (wanted, kind) in
                [(new_email, IdentityKind::Email), (new_line, IdentityKind::Phone)]
            {
                if !wanted {
                    both.extend(if kind == IdentityKind::Email { last_email } else { last_line });
                    continue;
                }
                let raw = match (kind, c, plan.special(i)) {
                    (IdentityKind::Email, 0, Some(address)) => address,
                    (IdentityKind::Email, ..) => words::email(&mut rng, &first, &last, unique),
                    _ => words::phone(unique),
                };
                let Ok(Parsed::Identifier(identifier)) = parse(kind, &raw, None, rules) else {
                    continue;
                };
                let id = id_at(at, rng.next());
                self.identity(plan, number, contact, id, &identifier, at);
                *(if kind == IdentityKind::Email { &mut last_email } else { &mut last_line }) =
                    Some(found.len());
                both.push(found.len());
                found.push((id, identifier));
            }
            let of = |kind: IdentityKind| {
                both.iter()
                    .map(|n| &found[*n].1)
                    .find(|found| found.kind == kind)
                    .map(|found| found.value.as_str())
            };
            let linked = (contact != survivor_number).then_some(survivor_number);
            self.rows[1].push(&[
                tenant.into(),
                contact.into(),
                number.into(),
                survivor_number.into(),
                of(IdentityKind::Email).into(),
                of(IdentityKind::Phone).into(),
                linked.into(),
                Cell::Small(if linked.is_some() { 2 } else { 1 }),
                at.into(),
                at.into(),
            ]);
            let mut ids: Vec<i64> = both.iter().map(|n| found[*n].0).collect();
            ids.sort_unstable();
            match ids[..] {
                [one] if c == 0 => self.evidence(tenant, one, one, 1, at),
                [a, b] => self.evidence(tenant, a, b, if c == 0 { 3 } else { 2 }, at),
                _ => {}
            }
        }
        for (kind, percent) in [
            (IdentityKind::AnonymousId, 30),
            (IdentityKind::UserId, 25),
            (IdentityKind::Instagram, 5),
        ] {
            if i < ORDINARY || !rng.percent(percent) {
                continue;
            }
            let raw = match kind {
                IdentityKind::AnonymousId => format!("anon-{i:x}-{:08x}", rng.next() as u32),
                IdentityKind::UserId => format!("user-{i}"),
                _ => format!("{}_{i}", fold(&last).replace('\'', "")),
            };
            if let Ok(Parsed::Identifier(identifier)) = parse(kind, &raw, None, rules) {
                let id = id_at(created + 1_000_000, rng.next());
                self.identity(plan, number, number, id, &identifier, created + 1_000_000);
                if let Some((oldest, _)) = found.first() {
                    self.evidence(tenant, (*oldest).min(id), (*oldest).max(id), 2, created);
                }
                found.push((id, identifier));
            }
        }
        let traits = if rng.percent(40) {
            format!(
                "{{\"plan\":\"{}\",\"city\":\"{}\"}}",
                ["free", "silver", "gold"][rng.below(3)],
                fold(&last)
            )
        } else {
            "{}".into()
        };
        self.findable(plan, number, &name, &found, &traits);
        let times = if traits.len() > 2 {
            format!("{{\"city\":{created},\"plan\":{created}}}")
        } else {
            "{}".into()
        };
        let tags = if rng.percent(10) { "[\"vip\"]" } else { "[]" };
        // The row of a merged home shows nothing of a person.
        if survivor == i {
            self.labels(tenant, number, &traits, tags);
        }
        self.rows[0].push(&[
            tenant.into(),
            number.into(),
            (&name).into(),
            (&fold(&name)).into(),
            created.into(),
            Cell::Small(1),
            Cell::Small([1, 1, 2, 3][rng.below(4)]),
            tags.into(),
            (&traits).into(),
            (&times).into(),
            created.into(),
            created.into(),
        ]);
        if survivor != i {
            let id = id_at(created + 5_000_000, rng.next());
            self.rows[6].push(&[
                tenant.into(),
                id.into(),
                survivor_number.into(),
                number.into(),
                Cell::Bool(true),
                Cell::Small(3),
                Cell::Null,
                Cell::Null,
                "bench".into(),
                "bench".into(),
                (created + 5_000_000).into(),
            ]);
        }
        let id = |kind: IdentityKind| {
            found.iter().find(|(_, found)| found.kind == kind).map_or(0, |(id, _)| *id)
        };
        self.people.push(Person {
            number,
            created,
            email: id(IdentityKind::Email),
            line: id(IdentityKind::Phone),
            survivor: survivor as u32,
        });
    }

    fn identity(
        &mut self,
        plan: &Plan,
        home: i64,
        contact: i64,
        id: i64,
        found: &Identifier,
        at: i64,
    ) {
        self.rows[2].push(&[
            plan.tenant.into(),
            id.into(),
            (&found.namespace).into(),
            (&found.match_key).into(),
            home.into(),
            contact.into(),
            Cell::Small(found.kind.number()),
            (&found.value).into(),
            (&found.raw).into(),
            Cell::Small(1),
            Cell::Bool(false),
            "bench".into(),
            "bench".into(),
            at.into(),
            // Sighted lately, so that recording does not touch it.
            plan.now.into(),
        ]);
    }

    fn evidence(&mut self, tenant: i64, a: i64, b: i64, rule: i16, at: i64) {
        self.rows[3].push(&[
            tenant.into(),
            a.into(),
            b.into(),
            Cell::Small(rule),
            "bench".into(),
            "bench".into(),
            at.into(),
        ]);
    }

    fn labels(&mut self, tenant: i64, number: i64, traits: &str, tags: &str) {
        if tags != "[]" {
            self.rows[7].push(&[tenant.into(), "vip".into(), number.into(), "vip".into()]);
        }
        for (name, value) in read_traits(traits) {
            if let Some(value) = trait_key(&value) {
                self.rows[8].push(&[tenant.into(), (&name).into(), (&value).into(), number.into()]);
            }
        }
    }

    fn findable(
        &mut self,
        plan: &Plan,
        home: i64,
        name: &str,
        found: &[(i64, Identifier)],
        traits: &str,
    ) {
        let mut terms: BTreeSet<(i16, String)> = BTreeSet::new();
        let mut doc = String::new();
        for (_, identifier) in found {
            terms.extend(
                terms_of_identifier(identifier)
                    .into_iter()
                    .map(|(field, term)| (field.number(), term)),
            );
            doc.push(' ');
            doc.push_str(&fold(&identifier.value));
        }
        terms.extend(terms_of_name(name).into_iter().map(|(field, term)| (field.number(), term)));
        let traits = terms_of_traits(&read_traits(traits));
        terms.extend(traits.into_iter().map(|(field, term)| (field.number(), term)));
        doc.push(' ');
        doc.push_str(&fold(name));
        for (field, term) in &terms {
            self.rows[4].push(&[plan.tenant.into(), term.into(), Cell::Small(*field), home.into()]);
        }
        match plan.format {
            Format::Copy => self.rows[5].push(&[plan.tenant.into(), home.into(), (&doc).into()]),
            Format::Json => {
                let scope = scope(plan.tenant);
                self.rows[5].push(&[home.into(), (&doc).into(), (&scope).into()]);
            }
        }
    }
}

fn read_traits(traits: &str) -> serde_json::Map<String, serde_json::Value> {
    serde_json::from_str(traits).expect("a JSON object")
}

/// The tenant as a word of SQLite's full-text tables.
pub fn scope(tenant: i64) -> String {
    rapport::domain::write::search_rows::scope_word(rapport::ids::TenantId(tenant))
}
