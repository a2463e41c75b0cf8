//! Who comes first of those whom the same words find.

use rapport::ids::CustomerId;

use crate::search::Desk;
use crate::search::people::paged;
use crate::support::stand::{email, phone};

pub(super) const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;
pub(super) const NOW: i64 = 20_650 * DAY;

impl Desk {
    /// People of one name, as if each had been seen at its time, and the terms had followed.
    pub(super) async fn seen(&self, name: &str, times: &[i64]) -> Vec<CustomerId> {
        let mut people = Vec::new();
        for (n, time) in times.iter().enumerate() {
            let key = name.replace(' ', "");
            let person = self.person(name, &[email(&format!("{key}{n}@x.example"))]).await;
            let sql = format!(
                "UPDATE customer_head SET list_seen = {time}, last_seen = {time} WHERE number = {person}"
            );
            self.stand.execute(&sql).await;
            people.push(person);
        }
        self.renew_ages().await;
        people
    }

    async fn renew_ages(&self) {
        let mut place = None;
        loop {
            let rapport = &self.stand.rapport;
            place = rapport.renew_ages(self.scope.tenant, place).await.expect("renews");
            if place.is_none() {
                return;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_name_those_come_first_who_were_seen_last() {
    let desk = Desk::new().await;
    // More than a scan of the index brings, each on a day of its own; the newest are the last by number.
    let times: Vec<i64> = (0..260).map(|n| NOW - (260 - n) * DAY).collect();
    let people = desk.seen("Maria Silva", &times).await;
    let newest: Vec<CustomerId> = people.iter().rev().take(20).copied().collect();
    for typed in ["maria", "maria silva", "silva", "maria silv", "mari"] {
        assert_eq!(desk.found(typed).await, newest, "{typed}");
    }
    // The one who was seen longest ago is seen again: within the job's turn the first.
    let sql = format!("UPDATE customer_head SET list_seen = {NOW} WHERE number = {}", people[0]);
    desk.stand.execute(&sql).await;
    desk.renew_ages().await;
    for typed in ["maria", "maria silva"] {
        assert_eq!(desk.found(typed).await[0], people[0], "{typed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_minutes_tell_then_the_newest_comes_first_and_pages_repeat_nobody() {
    let desk = Desk::new().await;
    // Four of them in each ten minutes.
    let times: Vec<i64> = (0..60).map(|n| NOW + (n * 37) % 60 * MINUTE * 10 / 4).collect();
    let people = desk.seen("Ana Souza", &times).await;
    let minutes = times.into_iter().map(|time| time / (10 * MINUTE));
    let mut expected: Vec<(i64, CustomerId)> = minutes.zip(people).collect();
    expected.sort_unstable();
    let expected: Vec<CustomerId> = expected.into_iter().rev().map(|(_, person)| person).collect();
    for typed in ["ana", "sou", "ana souza", "souza a"] {
        for first in [7, 20, 50] {
            assert_eq!(paged(&desk, typed, first).await, expected, "{typed}, {first} on a page");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_begin_as_it_was_typed_come_before_words_elsewhere() {
    let desk = Desk::new().await;
    let elsewhere = desk.person("Ana Lima", &[email("soubrette@x.example")]).await;
    let middle = desk.person("Ana Maria Sousa Lima", &[email("m@x.example")]).await;
    let begins = desk.person("Ana Soulier", &[email("b@x.example")]).await;
    let turned = desk.person("Soul Ana", &[email("t@x.example")]).await;
    let whole = desk.person("Ana Sou", &[email("w@x.example")]).await;
    desk.person("Anabel Soares", &[email("n@x.example")]).await;
    let found = desk.found("ana sou").await;
    assert_eq!(found[0], whole);
    let (named, others) = found[1..].split_at(2);
    assert!(named.contains(&begins) && named.contains(&turned), "{found:?}");
    assert!(others.contains(&middle) && others.contains(&elsewhere), "{found:?}");
    assert_eq!(found.len(), 5);
    for first in 1..=4 {
        assert_eq!(paged(&desk, "ana sou", first).await, found, "{first} on a page");
    }
    // A full page of names asks for no more, and the next page goes on with the others.
    for n in 0..25 {
        desk.person("Ana Souto", &[phone(&format!("+1 415 555 26{n:02}"))]).await;
    }
    let all = paged(&desk, "ana sou", 20).await;
    assert_eq!(all.len(), 30);
    assert!(all[28..].contains(&middle) && all[28..].contains(&elsewhere));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_finds_a_home_follows_its_survivor() {
    let desk = Desk::new().await;
    let older = desk.person("Emmett Brown", &[email("doc@x.example")]).await;
    let younger = desk.person("Marty McFly", &[email("marty@x.example")]).await;
    let merged = desk.stand.merge(&desk.scope, &[younger, older]).await;
    desk.stand.check(&desk.scope).await;
    assert_eq!(desk.found("mcf").await, [older]);
    let undone = desk.stand.rapport.undo_merge(&desk.scope, merged.merges[0], false, None).await;
    undone.expect("is undone");
    desk.stand.check(&desk.scope).await;
    assert_eq!(desk.found("mcf").await, [younger]);
}
