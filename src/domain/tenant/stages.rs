//! The stages that a company names itself, each on one of the three of the product. Pure.
//!
//! A customer keeps the number of its stage, so that a new name shows at once and everywhere. A number is never given
//! twice: who was on a stage that is gone is on none, also when its name comes back.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::entity::kinds::LifecycleStage;
use crate::error::{UserError, UserErrorCode};

/// Stages of a tenant.
const MOST: usize = 50;
/// Characters of a stage's name.
const CHARS: usize = 40;

/// A stage that the company named.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stage {
    pub id: i16,
    pub name: String,
    /// Where it belongs among the three of the product.
    pub stage: LifecycleStage,
}

/// A stage as an admin writes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewStage {
    pub name: String,
    pub stage: LifecycleStage,
    /// What it was called before, where it is to be renamed.
    pub former_name: Option<String>,
}

/// All of them, in the company's order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Stages {
    #[serde(default)]
    pub list: Vec<Stage>,
    /// The highest number that was ever given.
    #[serde(default)]
    last: i16,
}

/// The form in which names are compared: without case, blanks as one.
fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl Stages {
    pub fn by_name(&self, name: &str) -> Option<&Stage> {
        let name = plain(name);
        self.list.iter().find(|stage| plain(&stage.name) == name)
    }

    /// The numbers of those that have one of these names.
    pub fn ids(&self, names: &[String]) -> Vec<i64> {
        names.iter().filter_map(|name| self.by_name(name)).map(|stage| stage.id.into()).collect()
    }

    pub fn by_id(&self, id: i16) -> Option<&Stage> {
        self.list.iter().find(|stage| stage.id == id)
    }

    /// The stage that a customer is to be on.
    pub fn chosen(&self, name: &str) -> Result<&Stage, UserError> {
        self.by_name(name).ok_or_else(|| {
            let names: Vec<&str> = self.list.iter().map(|stage| stage.name.as_str()).collect();
            UserError::invalid(match names.as_slice() {
                [] => "the settings name no stages of the company's own".to_string(),
                names => format!("there is no such stage: the settings name {}", names.join(", ")),
            })
        })
    }

    /// This list in place of the one before. Who keeps a name, or names the one before, keeps its number.
    ///
    /// # Errors
    /// The path begins inside the list.
    pub fn replaced(&self, wanted: &[NewStage]) -> Result<Stages, UserError> {
        if wanted.len() > MOST {
            let message = format!("at most {MOST} stages");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message));
        }
        let mut after = Stages { list: Vec::new(), last: self.last };
        let (mut names, mut kept) = (BTreeSet::new(), BTreeSet::new());
        for (n, new) in wanted.iter().enumerate() {
            let wrong = |field: &str, message: &str| {
                Err(UserError::invalid(message).at([n.to_string(), field.to_string()]))
            };
            let name = new.name.split_whitespace().collect::<Vec<_>>().join(" ");
            let chars = name.chars().count();
            if chars == 0 || chars > CHARS || name.chars().any(char::is_control) {
                return wrong("name", "a stage's name is 1 to 40 characters on one line");
            }
            if !names.insert(plain(&name)) {
                return wrong("name", "two stages have this name");
            }
            let before = match &new.former_name {
                None => self.by_name(&name),
                Some(former) => match self.by_name(former) {
                    None => return wrong("formerName", "there is no stage of this name"),
                    before => before,
                },
            };
            if before.is_some_and(|before| !kept.insert(before.id)) {
                return wrong("formerName", "two stages were this one before");
            }
            if before.is_some_and(|before| before.stage != new.stage) {
                let message =
                    "a stage stays where it belongs: take it away first, then add it anew";
                return wrong("stage", message);
            }
            let id = match before {
                Some(before) => before.id,
                None => match after.last.checked_add(1) {
                    Some(next) => {
                        after.last = next;
                        next
                    }
                    None => return wrong("name", "too many stages were named over time"),
                },
            };
            after.list.push(Stage { id, name, stage: new.stage });
        }
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::tenant::stages::{NewStage, Stages};
    use crate::entity::kinds::LifecycleStage::{Customer, Lead};

    fn stage(name: &str, former: Option<&str>) -> NewStage {
        NewStage { name: name.into(), stage: Lead, former_name: former.map(str::to_owned) }
    }

    fn replaced(before: &Stages, wanted: &[NewStage]) -> Stages {
        before.replaced(wanted).expect("can be done")
    }

    fn path(before: &Stages, wanted: &[NewStage]) -> Vec<String> {
        before.replaced(wanted).expect_err("a mistake").path
    }

    #[test]
    fn a_stage_keeps_its_number_under_a_new_name_and_none_is_given_twice() {
        let first =
            replaced(&Stages::default(), &[stage("Qualifiziert", None), stage("Prüfung", None)]);
        let id = |stages: &Stages, name: &str| stages.by_name(name).map(|stage| stage.id);
        assert_eq!((id(&first, " qualifiziert "), id(&first, "PRÜFUNG")), (Some(1), Some(2)));
        let renamed =
            replaced(&first, &[stage("In Prüfung", Some("prüfung")), stage("Qualifiziert", None)]);
        assert_eq!((id(&renamed, "in  prüfung"), id(&renamed, "Prüfung")), (Some(2), None));
        let swapped = replaced(
            &first,
            &[stage("Prüfung", Some("Qualifiziert")), stage("Qualifiziert", Some("Prüfung"))],
        );
        assert_eq!((id(&swapped, "Prüfung"), id(&swapped, "Qualifiziert")), (Some(1), Some(2)));
        let without = replaced(&renamed, &[stage("Qualifiziert", None)]);
        let again = replaced(&without, &[stage("Qualifiziert", None), stage("In Prüfung", None)]);
        assert_eq!(id(&again, "In Prüfung"), Some(3));
        assert_eq!(replaced(&again, &[]).list, []);
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        let before = replaced(&Stages::default(), &[stage("A", None), stage("B", None)]);
        assert_eq!(path(&before, &[stage(" ", None)]), ["0", "name"]);
        assert_eq!(path(&before, &[stage(&"x".repeat(41), None)]), ["0", "name"]);
        assert_eq!(path(&before, &[stage("a\u{7}b", None)]), ["0", "name"]);
        assert_eq!(path(&before, &[stage("A", None), stage(" a ", None)]), ["1", "name"]);
        assert_eq!(path(&before, &[stage("C", Some("D"))]), ["0", "formerName"]);
        assert_eq!(path(&before, &[stage("A", None), stage("C", Some("A"))]), ["1", "formerName"]);
        let moved = NewStage { stage: Customer, ..stage("A", None) };
        assert_eq!(path(&before, &[stage("B", None), moved]), ["1", "stage"]);
        let many: Vec<NewStage> = (0..51).map(|n| stage(&n.to_string(), None)).collect();
        assert_eq!(path(&before, &many), Vec::<String>::new());
    }
}
