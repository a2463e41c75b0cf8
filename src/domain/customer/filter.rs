//! Which customers a list shows: the conditions of a filter, and the indexes by which those are found that few have.

use crate::domain::customer::identities::of_kinds;
use crate::domain::customer::order::CustomerOrder;
use crate::domain::search::TextFilter;
use crate::entity::kinds::{CustomerStatus, IdentityKind, Kinds, LifecycleStage};
use crate::ids::{Micros, TenantId};
use crate::store::sql::Sql;

/// Which customers a list shows.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct CustomerFilter {
    pub status: Vec<CustomerStatus>,
    pub stages: Vec<LifecycleStage>,
    /// All of these, without case; see [`tag_key`](crate::domain::model::labels::tag_key).
    pub tags: Vec<String>,
    pub seen_since: Option<Micros>,
    pub identity_kinds: Vec<IdentityKind>,
    /// All of these: the name, and what of the value is compared; see [`trait_key`](crate::domain::model::labels::trait_key).
    pub traits: Vec<(String, String)>,
    /// Words of names, addresses and traits.
    pub text: Option<String>,
    pub seen_until: Option<Micros>,
    pub created_since: Option<Micros>,
    pub created_until: Option<Micros>,
    /// On one of these stages of the company's own.
    pub stage_names: Vec<String>,
}

/// A filter with all that its statements need.
pub(super) struct Conditions<'f> {
    pub tenant: TenantId,
    pub filter: &'f CustomerFilter,
    pub text: Option<TextFilter>,
    /// The numbers of the company's own stages that are named; none where the filter names none.
    pub own_stages: Option<Vec<i64>>,
}

/// A condition that an index answers by itself.
#[derive(Clone, Copy)]
pub(super) enum Lead<'f> {
    Trait(&'f str, &'f str),
    Tag(&'f str),
    /// A word of the text.
    Text(&'f TextFilter, usize),
    Created(Option<Micros>, Option<Micros>),
    Seen(Option<Micros>, Option<Micros>),
    Kinds(&'f [IdentityKind]),
    /// Set aside or erased.
    SetAside(&'f [CustomerStatus]),
    Stages(&'f [LifecycleStage]),
    /// On one of these stages of the company's own.
    OwnStages(&'f [i64]),
}

impl CustomerFilter {
    /// Adds the conditions on when the head `s` was seen.
    pub(super) fn seen(&self, sql: &mut Sql) {
        range(sql, "s.list_seen", self.seen_since, self.seen_until);
    }
}

impl Conditions<'_> {
    /// Adds the conditions on columns of the customer `c` with the head `s`.
    pub fn push(&self, sql: &mut Sql) {
        let filter = self.filter;
        if !filter.status.is_empty() {
            sql.push(" AND c.status").among(numbers(&filter.status, CustomerStatus::number));
        }
        if !filter.stages.is_empty() {
            sql.push(" AND c.stage").among(numbers(&filter.stages, LifecycleStage::number));
        }
        if let Some(stages) = &self.own_stages {
            sql.push(" AND c.stage_id").among(stages.iter().copied());
        }
        filter.seen(sql);
        range(sql, "c.created_at", filter.created_since, filter.created_until);
    }

    /// Adds the others, which all are leads as well.
    pub fn push_looked_up(&self, sql: &mut Sql) {
        let filter = self.filter;
        // Each is one look into an index: of an EXISTS, PostgreSQL may make a table of all who have it.
        for tag in &filter.tags {
            sql.push(" AND (SELECT t.number FROM customer_tag t WHERE t.tenant = s.tenant AND t.tag_key = ");
            sql.bind(tag.as_str()).push(" AND t.number = s.number) IS NOT NULL");
        }
        for (name, value) in &filter.traits {
            sql.push(" AND (SELECT t.number FROM customer_trait t WHERE t.tenant = s.tenant AND t.name = ");
            sql.bind(name.as_str()).push(" AND t.value = ").bind(value.as_str());
            sql.push(" AND t.number = s.number) IS NOT NULL");
        }
        if !filter.identity_kinds.is_empty() {
            // The survivor's own home, then the others: each is a look into an index.
            sql.push(" AND COALESCE((SELECT i.id FROM identity i WHERE i.tenant = s.tenant AND i.home = s.number AND ");
            of_kinds(sql, "i", &filter.identity_kinds);
            sql.push(" LIMIT 1), (SELECT i.id FROM customer_head m JOIN identity i ON i.tenant = m.tenant AND i.home = m.number WHERE m.tenant = s.tenant AND m.merged_into = s.number AND ");
            of_kinds(sql, "i", &filter.identity_kinds);
            sql.push(" LIMIT 1)) IS NOT NULL");
        }
        if let Some(text) = &self.text {
            sql.push(" AND ");
            text.holds(sql, self.tenant, "s.number");
        }
    }

    /// The conditions that an index answers, in an order in which few are found first as a rule; not those of the list's
    /// own order.
    pub fn leads(&self, order: CustomerOrder) -> Vec<Lead<'_>> {
        let filter = self.filter;
        let mut leads = Vec::new();
        leads.extend(filter.traits.iter().map(|(name, value)| Lead::Trait(name, value)));
        leads.extend(filter.tags.iter().map(|tag| Lead::Tag(tag)));
        if let Some(text) = &self.text {
            leads.extend(text.words().map(|word| Lead::Text(text, word)));
        }
        if filter.created_since.is_some() || filter.created_until.is_some() {
            leads.push(Lead::Created(filter.created_since, filter.created_until));
        }
        if order != CustomerOrder::LastSeenDesc
            && (filter.seen_since.is_some() || filter.seen_until.is_some())
        {
            leads.push(Lead::Seen(filter.seen_since, filter.seen_until));
        }
        if !filter.identity_kinds.is_empty() {
            leads.push(Lead::Kinds(&filter.identity_kinds));
        }
        if !filter.status.is_empty() && !filter.status.contains(&CustomerStatus::Active) {
            leads.push(Lead::SetAside(&filter.status));
        }
        let all = |stage| filter.stages.contains(stage);
        if !filter.stages.is_empty() && !LifecycleStage::ALL.iter().all(all) {
            leads.push(Lead::Stages(&filter.stages));
        }
        leads.extend(self.own_stages.as_deref().map(Lead::OwnStages));
        leads
    }
}

impl Lead<'_> {
    /// Adds a select of the numbers of customers who meet the condition, from its index; some may come twice, and homes
    /// that were merged into others among them.
    pub fn select(self, sql: &mut Sql, tenant: TenantId) {
        match self {
            Lead::Tag(tag) => {
                sql.push("SELECT number FROM customer_tag WHERE tenant = ").bind(tenant);
                sql.push(" AND tag_key = ").bind(tag);
            }
            Lead::Trait(name, value) => {
                sql.push("SELECT number FROM customer_trait WHERE tenant = ").bind(tenant);
                sql.push(" AND name = ").bind(name).push(" AND value = ").bind(value);
            }
            Lead::Text(text, word) => text.select(sql, tenant, word),
            Lead::Created(since, until) => {
                sql.push("SELECT number FROM customer WHERE tenant = ").bind(tenant);
                range(sql, "created_at", since, until);
            }
            Lead::Seen(since, until) => {
                sql.push("SELECT number FROM customer_head WHERE tenant = ").bind(tenant);
                sql.push(" AND list_seen IS NOT NULL");
                range(sql, "list_seen", since, until);
            }
            Lead::Kinds(kinds) => {
                sql.push("SELECT COALESCE(h.merged_into, h.number) AS number FROM (SELECT home FROM identity WHERE tenant = ");
                sql.bind(tenant).push(" AND kind").among(numbers(kinds, IdentityKind::number));
                sql.push(" UNION ALL SELECT home FROM identity WHERE tenant = ").bind(tenant);
                sql.push(" AND other_kinds <> 0 AND (other_kinds & ");
                sql.bind(kinds.iter().copied().collect::<Kinds>()).push(") <> 0) AS known");
                sql.push(" CROSS JOIN customer_head h WHERE h.tenant = ").bind(tenant);
                sql.push(" AND h.number = known.home");
            }
            Lead::SetAside(status) => {
                sql.push("SELECT number FROM customer WHERE tenant = ").bind(tenant);
                sql.push(" AND status <> 1 AND status");
                sql.among(numbers(status, CustomerStatus::number));
            }
            Lead::Stages(stages) => {
                sql.push("SELECT number FROM customer WHERE tenant = ").bind(tenant);
                sql.push(" AND stage").among(numbers(stages, LifecycleStage::number));
            }
            Lead::OwnStages(stages) => {
                sql.push("SELECT number FROM customer WHERE tenant = ").bind(tenant);
                sql.push(" AND stage_id IS NOT NULL AND stage_id").among(stages.iter().copied());
            }
        }
    }
}

/// Adds the numbers of those who meet all of the conditions, each once.
pub(super) fn all_of(sql: &mut Sql, tenant: TenantId, leads: &[Lead<'_>]) {
    for (n, lead) in leads.iter().enumerate() {
        sql.push(if n > 0 { " INTERSECT " } else { "" });
        sql.push(if leads.len() > 1 {
            "SELECT number FROM ("
        } else {
            "SELECT DISTINCT number FROM ("
        });
        lead.select(sql, tenant);
        sql.push(&format!(") AS lead{n}"));
    }
}

fn numbers<K: Copy>(kinds: &[K], number: impl Fn(K) -> i16) -> impl Iterator<Item = i64> {
    kinds.iter().map(move |kind| i64::from(number(*kind)))
}

fn range(sql: &mut Sql, column: &str, since: Option<Micros>, until: Option<Micros>) {
    if let Some(since) = since {
        sql.push(" AND ").push(column).push(" >= ").bind(since);
    }
    if let Some(until) = until {
        sql.push(" AND ").push(column).push(" < ").bind(until);
    }
}
