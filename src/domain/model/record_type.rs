//! The name of a type of record, as it is kept and compared. Pure.

use unicode_normalization::UnicodeNormalization;

/// Lower case, composed, blanks as one: `Ticket`, ` TICKET ` and `ticket` are one type.
pub fn plain_name(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::model::record_type::plain_name;

    #[test]
    fn one_type_is_written_in_many_ways() {
        for (written, kept) in [
            ("ticket", "ticket"),
            (" TICKET ", "ticket"),
            ("Service  Vertrag", "service vertrag"),
            ("PRU\u{308}FUNG", "prüfung"),
            ("注文", "注文"),
            ("Q&A: done", "q&a: done"),
            (" \t ", ""),
        ] {
            assert_eq!(plain_name(written), kept, "{written:?}");
        }
    }
}
