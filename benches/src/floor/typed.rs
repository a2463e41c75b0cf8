//! What was typed, as ranges of an index.

use rapport::domain::text::{fold, prefix_range};

pub enum Typed {
    /// Folded.
    Words(String),
    /// Digits, which a number begins with or ends in: a range of the one, and of the other backwards.
    Number { begins: (String, String), ends: (String, String) },
}

impl Typed {
    pub fn read(typed: &str) -> Self {
        let number = typed.trim_start_matches('+');
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Typed::Words(fold(typed).trim().to_owned());
        }
        Typed::Number {
            begins: prefix_range(number),
            ends: prefix_range(&number.chars().rev().collect::<String>()),
        }
    }
}
