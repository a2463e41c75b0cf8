//! Pieces from inside of names: many who have one, and words that nobody has any more.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{join_all, try_join_all};
use rapport::domain::customer::update::{CustomerUpdate, NameUpdate};
use rapport::entity::kinds::IdentityKind;
use rapport::error::Result;
use rapport::ids::CustomerId;

use crate::search::Desk;
use crate::search::people::paged;
use crate::search::places::{DAY, NOW};
use crate::support::people::erase;
use crate::support::stand::{email, given};

static ADDRESSES: AtomicUsize = AtomicUsize::new(0);

impl Desk {
    async fn people(&self, names: &[String]) -> Vec<CustomerId> {
        let mut people = Vec::new();
        for name in names {
            // Of an erased person no address comes again.
            let address = format!("p{}@x.example", ADDRESSES.fetch_add(1, Ordering::Relaxed));
            people.push(self.person(name, &[email(&address)]).await);
        }
        people
    }

    async fn rename(&self, customer: CustomerId, name: &str) -> Result<()> {
        let name = Some(NameUpdate::Set(name.into()));
        let update = CustomerUpdate { customer, name, ..CustomerUpdate::default() };
        self.stand.rapport.update_customer(&self.scope, update).await.map(drop)
    }

    /// How often a word stands by itself; nothing on SQLite, which keeps none.
    async fn words(&self, word: &str) -> Option<i64> {
        let count = format!("SELECT COUNT(*) FROM name_word WHERE word = '{word}'");
        if !self.stand.rapport.store.is_postgres() {
            return None;
        }
        Some(self.stand.count(&count).await)
    }

    async fn assert_words(&self, word: &str, count: i64) {
        assert!(self.words(word).await.is_none_or(|found| found == count), "{word}: not {count}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_with_a_piece_in_their_name_those_seen_last_are_found() {
    let desk = Desk::new().await;
    let times: Vec<i64> = (0..130).map(|n| NOW - (130 - n) * DAY).collect();
    let people = desk.seen("Ada Quarterwater", &times).await;
    // One who has it elsewhere, and two words of which it is a part.
    let other = desk.person("Bo Waterquarter", &[email("hhharterwathhh@y.example")]).await;
    let found = paged(&desk, "arterwat", 30).await;
    assert!(found.iter().all(|who| people.contains(who) || *who == other));
    assert_eq!(found.len(), 100, "as many as are looked at");
    // SQLite looks at those whom it finds first.
    if desk.stand.rapport.store.is_postgres() {
        let newest: Vec<CustomerId> = people.iter().rev().take(100).copied().collect();
        assert_eq!(found, newest);
    }
    // Addresses are looked through where few have it in their names.
    assert_eq!(desk.found("harterwa").await, [other]);
    let few = desk.seen("Cy Ampelschirm", &times[..19]).await;
    let address = desk.person("Di", &[email("xxmpelschirxx@y.example")]).await;
    let found = desk.found("mpelschir").await;
    assert!(
        found.len() == 20 && found.contains(&address) && few.iter().all(|who| found.contains(who))
    );
    assert_eq!(desk.found("aterquart").await, [other]);
    desk.assert_words("quarterwater", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_piece_in_an_address_is_no_name() {
    let desk = Desk::new().await;
    for n in 0..19 {
        desk.person("", &[email(&format!("n{n}@constantinople.zz"))]).await;
    }
    let own = [email("q@b.example"), given(IdentityKind::UserId, "qstantinopx")];
    let other = desk.person("Quentin", &own).await;
    let named = desk.person("Constantinople", &[email("p@a.example")]).await;
    let found = paged(&desk, "stantinop", 50).await;
    assert!(found.len() == 21 && found.contains(&other) && found.contains(&named), "{found:?}");
    // Behind more in whose addresses it is than are looked at; SQLite looks at those whom it finds first.
    for n in 0..100 {
        desk.person("", &[email(&format!("m{n}@constantinople.zz"))]).await;
    }
    let last = desk.person("Constantinople", &[email("l@a.example")]).await;
    let found = paged(&desk, "stantinop", 50).await;
    assert!(found.contains(&last) || !desk.stand.rapport.store.is_postgres(), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_somebody_had_hide_nobody() {
    let desk = Desk::new().await;
    let renamed = desk.person("Arrra", &[email("a@b.example")]).await;
    for n in 0..110 {
        desk.rename(renamed, &format!("Arrra{n}")).await.expect("renames");
    }
    let own = [email("q@b.example"), given(IdentityKind::UserId, "xrrrx")];
    let other = desk.person("Quentin", &own).await;
    let mut found = desk.found("rrr").await;
    found.sort_unstable();
    assert_eq!(found, [renamed, other]);
    desk.rename(renamed, "Plain").await.expect("renames");
    assert_eq!(desk.found("rrr").await, [other]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_goes_with_the_last_who_has_it() {
    let desk = Desk::new().await;
    let names = ["Ada Zimtstern", "Bo Zimtstern", "Cy Zimtstern"].map(str::to_owned);
    let people = desk.people(&names).await;
    desk.assert_words("zimtstern", 1).await;
    desk.rename(people[0], "Ada Nussknacker").await.expect("renames");
    assert_eq!(desk.found("imtster").await.len(), 2);
    assert_eq!(desk.found("ussknac").await, [people[0]]);
    desk.assert_words("zimtstern", 1).await;
    let rapport = &desk.stand.rapport;
    rapport.erase_customer(&desk.scope, erase(people[1], false)).await.expect("erases");
    assert_eq!(desk.found("imtster").await, [people[2]]);
    desk.rename(people[2], "Cy").await.expect("renames");
    assert_eq!(desk.found("imtster").await, []);
    desk.assert_words("zimtstern", 0).await;
    // And comes again.
    desk.rename(people[2], "Cy Zimtstern").await.expect("renames");
    assert_eq!(desk.found("imtster").await, [people[2]]);
    desk.assert_words("zimtstern", 1).await;
    desk.assert_words("ada", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_go_at_once_leave_no_word() {
    let desk = Desk::new().await;
    for round in 0..6 {
        let word = format!("Tannenzapfen{round}");
        let names: Vec<String> = (0..8).map(|n| format!("N{n} {word}")).collect();
        let people = desk.people(&names).await;
        let folded = word.to_lowercase();
        desk.assert_words(&folded, 1).await;
        let (erased, renamed) = people.split_at(5);
        let erasing = erased
            .iter()
            .map(|who| desk.stand.rapport.erase_customer(&desk.scope, erase(*who, false)));
        let renaming = renamed.iter().map(|who| desk.rename(*who, "Somebody Else"));
        let (erased, renamed) = tokio::join!(try_join_all(erasing), join_all(renaming));
        erased.expect("erases");
        renamed.into_iter().collect::<Result<Vec<()>>>().expect("renames");
        desk.assert_words(&folded, 0).await;
        assert_eq!(desk.found(&folded[2..]).await, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_while_others_go_is_found() {
    let desk = Desk::new().await;
    for round in 0..8 {
        let word = format!("Lichtung{round}");
        let before = desk.people(&[format!("Ada {word}")]).await;
        let address = [email(&format!("new{round}@y.example"))];
        let name = format!("Bo {word}");
        let (gone, new) = tokio::join!(
            desk.stand.rapport.erase_customer(&desk.scope, erase(before[0], false)),
            desk.person(&name, &address)
        );
        gone.expect("erases");
        assert_eq!(desk.found(&word.to_lowercase()[1..]).await, [new], "{word}");
    }
}
