//! What stands of what was said.

use std::collections::BTreeSet;

use serde_json::json;

use crate::domain::model::profile::Profile;
use crate::entity::kinds::LifecycleStage;
use crate::ids::{CustomerId, Micros};

#[test]
fn the_later_word_stands_whatever_comes_first() {
    let empty = Profile::default();
    let say = |to: &Profile, name, traits: serde_json::Value, at| {
        to.updated(to, name, traits.as_object(), Micros(at))
    };
    let nothing = || json!({});
    let named = say(&empty, Some("Ada"), nothing(), 10).expect("a first name is news");
    assert_eq!(say(&named, Some("Ada"), nothing(), 20), None);
    assert_eq!(say(&named, Some("Bea"), nothing(), 5), None);
    assert_eq!(
        say(&named, Some("Bea"), nothing(), 20).expect("newer").name.as_deref(),
        Some("Bea")
    );
    let told = say(&named, None, json!({"plan": "gold", "city": null}), 10);
    let told = told.expect("a first trait is news");
    assert_eq!(told.traits, *json!({"plan": "gold"}).as_object().expect("object"));
    assert_eq!(say(&told, None, json!({"plan": "old"}), 9), None);
    let taken = say(&told, None, json!({"plan": null}), 11).expect("taken away");
    assert!(taken.traits.is_empty());
}

#[test]
fn a_person_is_what_was_said_last_of_any_home() {
    let say = |to: &Profile, person: &Profile, name, traits: serde_json::Value, at| {
        to.updated(person, name, traits.as_object(), Micros(at)).expect("news")
    };
    let none = Profile::default();
    let a = say(&none, &none, Some("A"), json!({"plan": "gold", "city": "Rome"}), 10);
    let b = say(&none, &none, Some("B"), json!({"plan": "iron"}), 20);
    let (first, second) = (CustomerId(1), CustomerId(2));
    let person = |a: &Profile, b: &Profile| Profile::of_person([(first, a), (second, b)]);
    let both = person(&a, &b);
    assert_eq!(both.name.as_deref(), Some("B"));
    assert_eq!(both.traits, *json!({"plan": "iron", "city": "Rome"}).as_object().expect("object"));
    // The same word once more is news where the person shows another one, and only then.
    let again = say(&a, &both, Some("A"), json!({"plan": "gold"}), 30);
    assert_eq!(person(&again, &b).name.as_deref(), Some("A"));
    assert_eq!(person(&again, &b).traits["plan"], "gold");
    assert_eq!(a.updated(&both, Some("A"), None, Micros(15)), None);
    // What another home said is taken away as well.
    let taken = say(&a, &both, None, json!({"plan": null}), 30);
    assert_eq!(person(&taken, &b).traits.get("plan"), None);
    // Nothing was ever said of the first.
    assert_eq!(person(&none, &b).name.as_deref(), Some("B"));
}

#[test]
fn tags_and_stage_come_together_until_they_are_set_for_the_person() {
    let home = |tags: &[&str], stage, over: &[i64]| {
        let over: BTreeSet<CustomerId> = over.iter().map(|home| CustomerId(*home)).collect();
        Profile {
            tags: tags.iter().map(|tag| (*tag).to_string()).collect(),
            stage,
            stage_over: over.clone(),
            tags_over: over,
            ..Profile::default()
        }
    };
    let person = |a: &Profile, b: &Profile, c: &Profile| {
        Profile::of_person([(CustomerId(1), a), (CustomerId(2), b), (CustomerId(3), c)])
    };
    let b = home(&["b", "both"], LifecycleStage::Customer, &[]);
    let c = home(&["c"], LifecycleStage::Lead, &[]);
    let all = person(&home(&["both"], LifecycleStage::Visitor, &[]), &b, &c);
    assert_eq!((all.tags.join(" ").as_str(), all.stage), ("both b c", LifecycleStage::Customer));
    // Set while the second was one of the person; the third came later.
    let set = person(&home(&[], LifecycleStage::Visitor, &[2]), &b, &c);
    assert_eq!((set.tags.join(" ").as_str(), set.stage), ("c", LifecycleStage::Lead));
}

#[test]
fn a_name_of_the_staff_stands_before_those_of_channels() {
    let none = Profile::default();
    let say =
        |to: &Profile, person: &Profile, name, at| to.updated(person, Some(name), None, Micros(at));
    let mut home = say(&none, &none, "Channel", 10).expect("news");
    home.name_by_staff("Staff", Micros(20));
    let later = say(&home, &home, "Later", 30).expect("kept beside it");
    assert_eq!(later.name.as_deref(), Some("Staff"));
    assert_eq!(say(&later, &later, "Later", 40), None, "a repeat");
    assert_eq!(say(&later, &later, "Between", 25), None, "it was said before");
    // As it is stored, and by a version that knows of none: the name that shows.
    let stored = serde_json::to_value(&later).expect("JSON");
    assert_eq!((&stored["name"], &stored["called"]["name"]), (&json!("Staff"), &json!("Later")));
    assert_eq!(serde_json::from_value::<Profile>(stored).expect("a profile"), later);
    // Of another home of the person it stands as well, and what that home said last is kept.
    let other = say(&none, &none, "Other", 50).expect("news");
    let person =
        |a: &Profile, b: &Profile| Profile::of_person([(CustomerId(1), a), (CustomerId(2), b)]);
    for person in [person(&later, &other), person(&other, &later)] {
        assert_eq!(person.name.as_deref(), Some("Staff"));
        let called = person.called.clone().expect("kept");
        assert_eq!((called.name.as_deref(), called.at), (Some("Other"), Some(Micros(50))));
        assert_eq!(other.updated(&person, Some("Other"), None, Micros(60)), None, "a repeat");
    }
    let mut second = other.clone();
    second.name_by_staff("Second", Micros(60));
    assert_eq!(person(&later, &second).name.as_deref(), Some("Second"));
    second.give_name_back();
    assert_eq!(second, other);
    let mut gone = later.clone();
    gone.take_name_away(Micros(70));
    assert_eq!(person(&gone, &other).name, None);
    gone.give_name_back();
    assert_eq!(person(&gone, &other).name, None);
}
