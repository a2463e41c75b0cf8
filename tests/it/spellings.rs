//! What people really type, send and dial, read right: a table of real spellings, and wild ones made of it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rapport::domain::history::record::{NewBody, NewItem, Ref};
use rapport::domain::identity::identify::{Given, IdentifyRequest, Outcome};
use rapport::domain::model::scope::Scope;
use rapport::domain::settings::SettingsPatch;
use rapport::entity::kinds::{CallState, Channel, Direction, IdentityKind};
use rapport::error::Error;
use rapport::ids::CustomerId;
use sea_orm::{ConnectionTrait, Database, Statement};

use crate::support::stand::{Stand, email, given};

const TABLE: &str = include_str!("data/spellings.tsv");

/// A line of the table.
struct Spelling {
    region: &'static str,
    kind: &'static str,
    text: &'static str,
    /// What it is; nothing where it is no identifier.
    value: Option<&'static str>,
}

impl Spelling {
    fn given(&self) -> Given {
        let kind = match self.kind {
            "EMAIL" => IdentityKind::Email,
            "WHATSAPP" => IdentityKind::Whatsapp,
            _ => IdentityKind::Phone,
        };
        given(kind, self.text)
    }
}

fn table() -> Vec<Spelling> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let read = |line: &'static str| match line.split('\t').collect::<Vec<_>>()[..] {
        [region, kind, text, value, source] if !source.is_empty() => {
            Spelling { region, kind, text, value: (value != "-").then_some(value) }
        }
        _ => panic!("no line of the table: {line}"),
    };
    lines.map(read).collect()
}

/// A tenant for each region.
async fn scope_in(stand: &Stand, region: &str) -> Scope {
    let scope = stand.scope(&format!("in-{}", region.to_lowercase())).await;
    if region != "US" {
        let patch = SettingsPatch { region: Some(region.into()), ..SettingsPatch::default() };
        stand.rapport.update_settings(&scope, patch, None).await.expect("a region");
    }
    scope
}

async fn rows(stand: &Stand, table: &str) -> i64 {
    let store = Database::connect(&stand.store.url).await.expect("connects");
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    let count = Statement::from_string(store.get_database_backend(), sql);
    store.query_one_raw(count).await.expect("counts").expect("a row").try_get("", "n").expect("n")
}

#[test]
fn the_table_is_wide_enough() {
    let table = table();
    assert!(table.len() >= 300, "{} spellings", table.len());
    let regions: BTreeSet<&str> = table.iter().map(|spelling| spelling.region).collect();
    assert!(regions.len() >= 40, "{} regions", regions.len());
}

/// Every spelling of one address is one person, two addresses are two, and what is none leaves no row.
#[tokio::test(flavor = "multi_thread")]
async fn real_spellings_are_read_right() {
    let stand = Stand::new().await;
    let mut scopes: BTreeMap<&str, Scope> = BTreeMap::new();
    let mut people: BTreeMap<(&str, &str), CustomerId> = BTreeMap::new();
    let mut wrong = Vec::new();
    for spelling in table() {
        let region = spelling.region;
        if !scopes.contains_key(region) {
            scopes.insert(region, scope_in(&stand, region).await);
        }
        let answer = stand.identify(&scopes[region], &[spelling.given()]).await;
        let shown = format!("{region} {} {:?}", spelling.kind, spelling.text);
        match (spelling.value, answer) {
            (Some(value), Ok(answer)) => {
                let known = people.entry((region, value)).or_insert(answer.customer);
                if *known != answer.customer {
                    wrong.push(format!("{shown} is another person than {value}"));
                }
                let all: Vec<&String> = answer.emails.iter().chain(&answer.phone_numbers).collect();
                // An id of WhatsApp's own is neither.
                if !all.is_empty() && all != [value] {
                    wrong.push(format!("{shown} is {all:?}, not {value}"));
                }
            }
            (None, Err(Error::User(_))) => {}
            (expected, answer) => wrong.push(format!("{shown}: {expected:?} {answer:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    let customers: BTreeSet<CustomerId> = people.values().copied().collect();
    assert_eq!(customers.len(), people.len(), "two addresses are one person");
    for table in ["identity", "customer"] {
        // Nobody, to whom calls with a withheld number belong, is one of each tenant.
        let nobody =
            if table == "customer" { rows(&stand, "customer WHERE number = 0").await } else { 0 };
        assert_eq!(rows(&stand, table).await - nobody, people.len() as i64, "{table}");
    }
}

/// What is no identifier is named, and the rest of the request goes on.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_identifier_is_named_and_the_rest_goes_on() {
    let stand = Stand::new().await;
    let mut good = 0;
    for (n, spelling) in table().iter().enumerate().filter(|(_, one)| one.value.is_none()) {
        let scope = scope_in(&stand, "US").await;
        let address = format!("person{n}@x.example");
        let answer = stand.identify(&scope, &[email(&address), spelling.given()]).await;
        let answer = answer.unwrap_or_else(|error| panic!("{:?}: {error}", spelling.text));
        assert_eq!(answer.outcome, Outcome::Created, "{:?} joins strangers", spelling.text);
        assert_eq!((answer.emails, answer.phone_numbers), (vec![address], vec![]));
        assert_eq!(answer.ignored.len(), 1, "{:?}", spelling.text);
        assert_eq!(answer.ignored[0].value, spelling.text);
        assert!(!answer.ignored[0].reason.is_empty());
        good += 1;
    }
    assert_eq!(rows(&stand, "identity").await, good);
}

/// A call whose caller is no number is a call of nobody; a message of nobody is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_withheld_caller_is_nobody() {
    let stand = Stand::new().await;
    let scope = scope_in(&stand, "US").await;
    let item = |n: usize, given: Given, body: NewBody| NewItem {
        channel_label: None,
        who: Some(Ref::Identity(given)),
        channel: if matches!(body, NewBody::Call { .. }) { Channel::Voice } else { Channel::Sms },
        direction: Some(Direction::Inbound),
        occurred_at: None,
        source: Some("pbx".into()),
        source_id: Some(format!("{n}")),
        body,
        files: Vec::new(),
    };
    let ringing =
        || NewBody::Call { state: CallState::Ringing, duration: None, recording_url: None };
    let text = || NewBody::Message { text: Some("hi".into()), parts: vec![], state: None };
    let none: Vec<Spelling> = table()
        .into_iter()
        .filter(|one| one.value.is_none() && matches!(one.kind, "CALLER" | "PHONE" | "WHATSAPP"))
        .collect();
    let calls: Vec<NewItem> =
        none.iter().enumerate().map(|(n, one)| item(n, one.given(), ringing())).collect();
    let results = stand.rapport.record(&scope, &calls).await.expect("records");
    for (one, result) in none.iter().zip(results) {
        let call = result.unwrap_or_else(|error| panic!("{:?}: {}", one.text, error.message));
        assert_eq!((call.customer, call.duplicate), (None, false), "{:?}", one.text);
        assert!(call.item.identity.is_none());
    }
    let messages: Vec<NewItem> =
        none.iter().enumerate().map(|(n, one)| item(1000 + n, one.given(), text())).collect();
    let results = stand.rapport.record(&scope, &messages).await.expect("records");
    assert!(results.iter().all(Result::is_err));
    assert_eq!(rows(&stand, "identity").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_extensions_of_one_line_are_two_people() {
    let stand = Stand::new().await;
    let scope = scope_in(&stand, "US").await;
    let firm = |extension: &str| given(IdentityKind::Phone, &format!("415-555-0100{extension}"));
    let ann = stand.identify(&scope, &[email("ann@x.example"), firm(" x12")]).await.expect("ann");
    let bob = stand.identify(&scope, &[email("bob@x.example"), firm(" x34")]).await.expect("bob");
    let desk = stand.identify(&scope, &[firm("")]).await.expect("the line");
    assert_eq!(ann.phone_numbers, ["+14155550100;ext=12"]);
    assert_eq!(
        BTreeSet::from([ann.customer, bob.customer, desk.customer]).len(),
        3,
        "people of one house"
    );
    let again = stand.identify(&scope, &[firm(" (ext. 12)")]).await.expect("ann");
    assert_eq!((again.customer, again.outcome), (ann.customer, Outcome::Matched));
    for (typed, people) in [("415 555 0100", 3), ("(415) 555-0100 ext 12", 3), ("50100", 3)] {
        let found = stand.rapport.search_people(scope.tenant, typed, 10, None).await.expect("asks");
        assert_eq!(found.len(), people, "{typed}");
    }
    let found =
        stand.rapport.search_people(scope.tenant, "tel:+14155550100;ext=34", 10, None).await;
    assert_eq!(found.expect("asks")[0].customer.id, bob.customer);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_for_a_missing_name_replaces_none() {
    let stand = Stand::new().await;
    let scope = scope_in(&stand, "US").await;
    let say = async |name: Option<&str>, address: &str| {
        let name = name.map(str::to_owned);
        let request =
            IdentifyRequest { given: vec![email(address)], name, ..IdentifyRequest::default() };
        let answer = stand.rapport.identify(&scope, &request).await.expect("identifies");
        let id = answer.customer;
        let people = stand.rapport.customers_by_id(scope.tenant, &[id]).await.expect("reads");
        people[&id].name.clone()
    };
    let eve = Some("Eve Doe".to_owned());
    assert_eq!(say(None, "Eve Doe <eve@x.example>").await, eve, "the name beside the address");
    for name in ["NULL", "undefined undefined", "N/A", "Unknown", "-", "\u{200b}\u{2060}", " "] {
        assert_eq!(say(Some(name), "eve@x.example").await, eve, "{name:?}");
    }
    for name in ["eve@x.example", "EVE@X.example", "+1 415 555 0100"] {
        assert_eq!(say(Some(name), "eve@x.example").await, eve, "an address is no name");
    }
    let null = Some("Jennifer Null".to_owned());
    assert_eq!(say(null.as_deref(), "Eve <eve@x.example>").await, null, "the name that was given");
}

/// Wild spellings of four lines: what is around the digits, and between them.
fn wild() -> impl Strategy<Value = (usize, String)> {
    const LINES: [[&str; 3]; 4] = [
        ["+14155550100", "4155550100", "14155550100"],
        ["+441632960001", "+4401632960001", "00441632960001"],
        ["+5531987654321", "+553187654321", "+55031987654321"],
        ["+2290197979797", "+22997979797", "0022997979797"],
    ];
    let before = prop::sample::select(vec![
        "", "tel:", "Tel. ", " ", "\"", "(", "p:", "\u{202a}", "Phone: ",
    ]);
    let after = prop::sample::select(vec!["", " ", "\"", ";", ",", ")", "\u{202c}", ".0"]);
    let between =
        prop::collection::vec(prop::sample::select(vec!["", "", " ", "-", ".", "\u{a0}", "("]), 16);
    (0..LINES.len(), 0..3usize, before, after, between).prop_map(
        |(line, form, before, after, between)| {
            let plain = after == ".0";
            let gaps = between.into_iter().map(|gap| if plain { "" } else { gap });
            let number: String =
                LINES[line][form].chars().zip(gaps).map(|(c, gap)| format!("{c}{gap}")).collect();
            let before = if plain { "" } else { before };
            (line, format!("{before}{number}{after}"))
        },
    )
}

#[test]
fn wild_addresses_are_read_or_named() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (stand, scope) = runtime.block_on(async {
        let stand = Stand::new().await;
        let scope = scope_in(&stand, "US").await;
        (stand, scope)
    });
    let mut runner =
        TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let people = std::cell::RefCell::new(BTreeMap::new());
    runner
        .run(&wild(), |(line, text)| {
            let answer =
                runtime.block_on(stand.identify(&scope, &[given(IdentityKind::Phone, &text)]));
            let answer =
                answer.map_err(|error| TestCaseError::fail(format!("{text:?}: {error}")))?;
            let known = *people.borrow_mut().entry(line).or_insert(answer.customer);
            prop_assert_eq!(known, answer.customer, "{:?} is {:?}", text, answer.phone_numbers);
            Ok(())
        })
        .expect("one line, one person");
    let people: BTreeSet<CustomerId> = people.into_inner().into_values().collect();
    assert_eq!(people.len(), 4, "two lines, two people");
    let any = (0..IdentityKind::ALL.len(), "\\PC{0,30}|[+0-9 ()/.,;x@#a-z<>\"':-]{0,40}");
    runner
        .run(&any, |(kind, text)| {
            let kind = IdentityKind::ALL[kind];
            let mut one = given(kind, &text);
            one.namespace = (kind == IdentityKind::External).then(|| "crm".into());
            match runtime.block_on(stand.identify(&scope, &[one.clone()])) {
                Ok(answer) => {
                    let again = runtime.block_on(stand.identify(&scope, &[one]));
                    let again = again.map_err(|error| TestCaseError::fail(format!("{error}")))?;
                    prop_assert_eq!(
                        (again.customer, again.outcome),
                        (answer.customer, Outcome::Matched)
                    );
                }
                Err(Error::User(_)) => {}
                Err(error) => {
                    return Err(TestCaseError::fail(format!("{kind:?} {text:?}: {error}")));
                }
            }
            Ok(())
        })
        .expect("read, or told why not");
}
