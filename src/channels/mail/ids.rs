//! Message-IDs, and the ids of what a mail answers (RFC 5322, section 3.6.4), as broken programs write them too. Pure.

/// So many ids of a thread are kept: its first, and its newest.
const MOST: usize = 100;

/// The id of a mail, without brackets.
pub fn message_id(header: &str) -> Option<String> {
    let bracketed = bracketed(header);
    if !bracketed.is_empty() {
        return bracketed.into_iter().next();
    }
    header.split_whitespace().map(bare).find(|word| !word.is_empty()).map(str::to_owned)
}

/// What a mail answers, oldest first and what it answers itself last, without brackets.
pub fn references(references: &str, in_reply_to: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for id in ids(references) {
        if !all.contains(&id) {
            all.push(id);
        }
        if all.len() > MOST {
            all.remove(1);
        }
    }
    for id in ids(in_reply_to).into_iter().take(MOST) {
        if all.last() != Some(&id) {
            all.push(id);
        }
    }
    if let Some(surplus) = all.len().checked_sub(MOST) {
        all.drain(1..=surplus);
    }
    all
}

fn ids(header: &str) -> Vec<String> {
    let bracketed = bracketed(header);
    if !bracketed.is_empty() {
        return bracketed;
    }
    let words = header.split(|c: char| c.is_whitespace() || c == ',');
    words.map(bare).filter(|word| word.contains('@')).map(str::to_owned).collect()
}

/// What stands in brackets; what is folded into it is taken out.
fn bracketed(header: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut rest = header;
    while let Some((_, inner)) = rest.split_once('<') {
        let end = inner.find(['>', '<']).unwrap_or(inner.len());
        let id: String = inner[..end].chars().filter(|c| !c.is_whitespace()).collect();
        if !id.is_empty() {
            ids.push(id);
        }
        rest = &inner[end..];
    }
    ids
}

fn bare(word: &str) -> &str {
    word.trim_matches(['<', '>', ',', ';', '"', '\''])
}

#[cfg(test)]
mod tests {
    use crate::channels::mail::ids::{MOST, message_id, references};

    #[test]
    fn an_id_is_what_stands_in_brackets() {
        for (header, id) in [
            ("<a@x.example>", Some("a@x.example")),
            (" <a@x.example> (added by a gateway)", Some("a@x.example")),
            ("<a@\t x.example>", Some("a@x.example")),
            ("a@x.example", Some("a@x.example")),
            ("<a@x.example", Some("a@x.example")),
            ("<<a@x.example>>", Some("a@x.example")),
            ("<a@x.example><b@x.example>", Some("a@x.example")),
            ("20261125.1", Some("20261125.1")),
            ("<>", None),
            ("  ", None),
        ] {
            assert_eq!(message_id(header).as_deref(), id, "{header:?}");
        }
    }

    #[test]
    fn what_a_mail_answers_stands_last() {
        for (said, answers, all) in [
            ("", "", vec![]),
            ("<1@x> <2@x>", "<2@x>", vec!["1@x", "2@x"]),
            ("<1@x>\r\n\t<2@x>", "<3@x>", vec!["1@x", "2@x", "3@x"]),
            ("<1@x> <2@x> <1@x>", "", vec!["1@x", "2@x"]),
            // The thread begins where it began, and goes on where the mail says.
            ("<1@x> <2@x>", "<1@x>", vec!["1@x", "2@x", "1@x"]),
            ("", "Your message of \"Wed, 25 Nov\" <1@x>", vec!["1@x"]),
            ("1@x, 2@x", "Jane's note of 3 pm", vec!["1@x", "2@x"]),
        ] {
            assert_eq!(references(said, answers), all, "{said:?} {answers:?}");
        }
    }

    #[test]
    fn of_a_very_long_thread_the_first_and_the_newest_are_kept() {
        let long: String = (0..1_000).map(|n| format!("<{n}@x> ")).collect();
        let all = references(&long, "<last@x>");
        assert_eq!((all.len(), all[0].as_str()), (MOST, "0@x"));
        assert_eq!(all[MOST - 2..], ["999@x", "last@x"]);
        let many: String = (0..1_000).map(|n| format!("<{n}@x> ")).collect();
        assert_eq!(references("", &many).len(), MOST);
    }
}
