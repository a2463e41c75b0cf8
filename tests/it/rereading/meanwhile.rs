//! What happens meanwhile: callers, several workers, an admin who looks, a server that dies.

use std::time::Duration;

use rapport::auth::Role;
use rapport::domain::history::record::{NewBody, NewItem, Ref};
use rapport::domain::identity::identify::{Given, IdentifyRequest, Outcome};
use rapport::domain::identity::reread::RereadStep;
use rapport::entity::kinds::{Channel, IdentityKind};
use rapport::ids::Micros;
use serde_json::{Value, json};

use crate::rereading::World;
use crate::support::app::App;
use crate::support::fleet::{Fleet, redis_url};
use crate::support::server::{LONG, Server};
use crate::support::stand::{email, given, phone};

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_asked_for_meanwhile_is_read_at_once() {
    let world = World::new().await;
    let ada = world.is(&[email("ada@x.org"), phone("020 7946 0018")]).await.customer;
    let bob = world.is(&[email("bob@x.org"), phone("07900 900123")]).await.customer;
    let cem = world.is(&[phone("07900 900124")]).await.customer;
    world.region("GB").await;
    // A look-up writes nothing, identify and recording do.
    assert_eq!(world.who("(020) 7946 0018").await, Some(ada));
    assert_eq!(world.value("020 7946 0018").await, "02079460018");
    let known = world.is(&[phone("(020) 79460018")]).await;
    assert_eq!((known.customer, known.phone_numbers), (ada, vec!["+442079460018".to_string()]));
    let call = NewItem {
        channel_label: None,
        who: Some(Ref::Identity(phone("07900900123"))),
        channel: Channel::Internal,
        direction: None,
        occurred_at: Some(Micros(1_790_000_000_000_000)),
        source: None,
        source_id: None,
        body: NewBody::Note { text: "hello".into() },
        files: Vec::new(),
    };
    let recorded = world.stand.rapport.record(&world.scope, &[call]).await.expect("recorded");
    assert_eq!(recorded[0].as_ref().expect("recorded").customer, Some(bob));
    assert_eq!(world.value("07900 900123").await, "+447900900123");
    assert_eq!(world.reread().await, (1, 0, 0), "the others were read before");
    assert_eq!(world.who("07900900124").await, Some(cem));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_meanwhile_says_what_the_call_says() {
    let world = World::new().await;
    let ada = world.is(&[email("ada@x.org"), phone("020 7946 0018")]).await.customer;
    let bob = world.is(&[email("bob@x.org")]).await.customer;
    let cem = world.is(&[phone("07900 900124")]).await.customer;
    world.region("GB").await;
    let whatsapp = given(IdentityKind::Whatsapp, "07900 900124");
    let calls = [
        (vec![phone("(020) 79460018")], Outcome::Matched, Some(ada)),
        (vec![phone("02079460018"), email("new@x.org")], Outcome::Linked, Some(ada)),
        (vec![email("bob@x.org"), phone("020 7946 0018")], Outcome::Merged, Some(ada.min(bob))),
        (vec![whatsapp], Outcome::Matched, Some(cem)),
        (vec![phone("020 7946 0999")], Outcome::Created, None),
    ];
    let answer = async |given: &[Given], dry_run: bool| {
        let request =
            IdentifyRequest { given: given.to_vec(), dry_run, ..IdentifyRequest::default() };
        world.stand.rapport.identify(&world.scope, &request).await.expect("identified")
    };
    for dry_run in [true, false] {
        for (given, outcome, customer) in &calls {
            let answer = answer(given, dry_run).await;
            assert_eq!(answer.outcome, *outcome, "{dry_run} {given:?}");
            if let Some(customer) = customer {
                assert_eq!(answer.customer, *customer, "{dry_run} {given:?}");
            }
        }
        let kept = if dry_run {
            ["02079460018", "07900900124"]
        } else {
            ["+442079460018", "+447900900124"]
        };
        let values = [world.value("020 7946 0018").await, world.value("07900 900124").await];
        assert_eq!(values, kept, "{dry_run}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_its_size_reads_nothing_anew() {
    let world = World::new().await;
    world.is(&[phone("020 7946 0018")]).await;
    world.region("GB").await;
    let mut given = vec![phone("020 7946 0018")];
    given.extend((0..50).map(|n| email(&format!("{n}@x.org"))));
    let refused = world.stand.identify(&world.scope, &given).await.expect_err("too many");
    assert!(refused.to_string().contains("at most 50 identities"), "{refused}");
    assert_eq!(world.value("020 7946 0018").await, "02079460018");
    given.pop();
    world.stand.identify(&world.scope, &given).await.expect("as many as there may be");
    assert_eq!(world.value("020 7946 0018").await, "+442079460018");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_and_callers_at_once_make_nobody_twice() {
    const PEOPLE: usize = 120;
    let world = World::new().await;
    let number = |n: usize| format!("07900 90{n:04}");
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(world.is(&[phone(&number(n))]).await.customer);
    }
    world.region("GB").await;
    let (stand, rapport, scope) = (&world.stand, &world.stand.rapport, &world.scope);
    let worker = async |name: &str| {
        loop {
            match rapport.reread_numbers(scope.tenant, name).await.expect("a step") {
                RereadStep::Done | RereadStep::Over => return,
                RereadStep::More => {}
                RereadStep::Taken => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    let callers = async {
        let calls = (0..PEOPLE).rev().map(|n| async move {
            let given = [phone(&number(n))];
            (n, stand.identify(scope, &given).await.expect("identified").customer)
        });
        futures_util::future::join_all(calls).await
    };
    let ((), (), called) = tokio::join!(worker("a"), worker("b"), callers);
    for (n, customer) in called {
        assert_eq!(customer, people[n], "{}", number(n));
    }
    world.stand.check(&world.scope).await;
    let state = world.state().await;
    assert!(state.finished_at.is_some() && state.joined == 0 && state.held == 0, "{state:?}");
    for n in 0..PEOPLE {
        assert_eq!(world.value(&number(n)).await, format!("+44790090{n:04}"));
    }
}

const SETTINGS: &str = "{ tenantSettings { region rereading { fromRegion region total done reread joined held startedAt finishedAt } } }";
const REGION: &str = "mutation($region: String!) { updateTenantSettings(input: { region: $region }) { settings { rereading { total done } } userErrors { code } } }";

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sees_how_far_it_has_come() {
    let app = App::start().await;
    let (admin, agent) = (app.as_admin("acme"), app.as_agent("acme"));
    let identify = "mutation($n: String!) { identify(input: { phoneNumber: $n }) { phoneNumbers userErrors { code } } }";
    assert_eq!(admin.data(SETTINGS, json!({})).await["tenantSettings"]["rereading"], Value::Null);
    agent.data(identify, json!({ "n": "020 7946 0018" })).await;
    let begun = admin.data(REGION, json!({ "region": "GB" })).await;
    let begun = &begun["updateTenantSettings"]["settings"]["rereading"];
    assert_eq!(*begun, json!({ "total": 1, "done": 0 }));
    let state = tokio::time::timeout(LONG, async {
        loop {
            let state =
                admin.data(SETTINGS, json!({})).await["tenantSettings"]["rereading"].clone();
            if state["finishedAt"] != Value::Null {
                return state;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let state = state.await.expect("the worker comes to its end");
    let told = ["fromRegion", "region", "total", "done", "reread", "joined", "held"];
    let told = told.map(|field| state[field].clone());
    assert_eq!(told, [json!("US"), json!("GB"), json!(1), json!(1), json!(1), json!(0), json!(0)]);
    let known = agent.data(identify, json!({ "n": "020 7946 0018" })).await;
    assert_eq!(known["identify"]["phoneNumbers"], json!(["+442079460018"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies_in_the_middle_is_followed_by_one_that_goes_on() {
    const PEOPLE: usize = 150;
    let mut fleet = Fleet::start_with(&[("RAPPORT_FAULT", "reread-dies")]).await;
    let agent = fleet.agent(0, "acme");
    let number = |n: usize| format!("07900 90{n:04}");
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(
            agent.identify(json!({ "phoneNumber": number(n) })).await["primaryContactId"].clone(),
        );
    }
    let settings =
        fleet.client(0, Role::Admin, "acme").gql(REGION, json!({ "region": "GB" })).await;
    let total = &settings["updateTenantSettings"]["settings"]["rereading"]["total"];
    assert_eq!(*total, json!(PEOPLE));
    for server in &mut fleet.servers {
        server.ended(LONG).await;
    }
    let domain = fleet.domain().await;
    let tenant = domain.tenant("acme").await.expect("a tenant");
    let state = domain.settings(tenant).await.expect("reads").rereading.expect("begun");
    assert_eq!((state.done, state.reread, state.finished_at), (21, 21, None), "{state:?}");
    fleet.servers = vec![Server::start(&fleet.store.url, redis_url().as_deref()).await];
    let agent = fleet.agent(0, "acme");
    // Those that were not read yet answer as those that were.
    for n in [0, 20, 21, 22, PEOPLE - 1] {
        let known = agent.identify(json!({ "phoneNumber": number(n) })).await;
        assert_eq!(
            (&known["outcome"], &known["primaryContactId"]),
            (&json!("MATCHED"), &people[n]),
            "{n}"
        );
    }
    let state = tokio::time::timeout(LONG, async {
        loop {
            let state = domain.settings(tenant).await.expect("reads").rereading.expect("begun");
            if state.finished_at.is_some() {
                return state;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let state = state.await.expect("another server goes on");
    assert_eq!((state.joined, state.held), (0, 0));
    for (n, person) in people.iter().enumerate() {
        let known = agent.identify(json!({ "phoneNumber": number(n) })).await;
        assert_eq!(known["phoneNumbers"], json!([format!("+44790090{n:04}")]));
        assert_eq!(
            (&known["outcome"], &known["primaryContactId"]),
            (&json!("MATCHED"), person),
            "{n}"
        );
    }
}
