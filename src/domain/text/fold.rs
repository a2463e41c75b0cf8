//! One form for letters that people take for the same.

use unicode_normalization::UnicodeNormalization;

use crate::domain::identifier::decimal;

/// Lower case without accents, compatibility forms unfolded (`Ｆ` is `f`, `ﬁ` is `fi`), and the Latin letters that are
/// one letter to Unicode and a letter with a mark to people (`ł`, `ø`, `ß`). Letters that Arabic, Persian and Urdu write
/// in different ways are one (`ی`, `ى` and `ي`; `ک` and `ك`; `ة` and `ه`), and digits of every script are those of ASCII.
/// Vowel signs of Indic scripts stay: without them the words would be others. Folding twice gives the same as folding
/// once.
pub fn fold(text: &str) -> String {
    // ASCII has nothing to unfold.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower: String = text.nfkd().flat_map(char::to_lowercase).collect();
    let mut plain = String::with_capacity(lower.len());
    for c in lower.nfkd().filter(|c| !accent(*c)) {
        match letters(c) {
            Some(letters) => plain.push_str(letters),
            None if c.is_numeric() => plain.push(decimal(c).unwrap_or(c)),
            None => plain.push(c),
        }
    }
    plain.nfc().collect()
}

/// Marks that are written on letters and left out by people in a hurry.
fn accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{5c4}'..='\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}'..='\u{6e8}'
        | '\u{6ea}'..='\u{6ed}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20f0}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}')
}

fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ŋ' => "n",
        'ĸ' => "k",
        'ə' => "e",
        'ς' => "σ",
        'ى' | 'ی' | 'ې' | 'ے' | 'ۍ' => "ي",
        'ک' | 'ڪ' => "ك",
        'ة' | 'ە' | 'ہ' | 'ھ' | 'ۃ' => "ه",
        'ٱ' => "ا",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::text::fold::fold;

    #[test]
    fn accents_and_cases_fold() {
        for (text, folded) in [
            ("Gonçalves", "goncalves"),
            ("KÖHLER", "kohler"),
            ("Bjørn Æsir", "bjorn aesir"),
            ("Stanisław Wójcik", "stanislaw wojcik"),
            ("Hämäläinen", "hamalainen"),
            ("Straße STRASSE ẞ", "strasse strasse ss"),
            ("İstanbul ılgaz", "istanbul ilgaz"),
            ("Đorđe Þór", "dorde thor"),
            ("Ｆｕｌｌ ﬁne", "full fine"),
            ("ΟΔΟΣ Όδος", "οδοσ οδοσ"),
            ("Ёлка", "елка"),
            ("e\u{301}", "e"),
            ("हिन्दी", "हिन्दी"),
            ("ガギグ", "ガギグ"),
            ("ｶﾞ", "ガ"),
            ("한국", "한국"),
            ("مُحَمَّد", "محمد"),
            ("محـــمد", "محمد"),
            ("علی عليّ على", "علي علي علي"),
            ("کریم كريم", "كريم كريم"),
            ("فاطمة فاطمه فاطمہ", "فاطمه فاطمه فاطمه"),
            ("أحمد إبراهيم آدم ٱلله", "احمد ابراهيم ادم الله"),
            ("٤٥٦ ۴۵۶ ४५६ ৪৫৬ ๔๕๖ ４５６ 𝟒𝟓𝟔 𞥔𞥕𞥖", "456 456 456 456 456 456 456 456"),
            ("O'Reilly %_\"", "o'reilly %_\""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,60}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn any_character_folds_once(c: char) {
            let once = fold(&c.to_string());
            prop_assert_eq!(fold(&once), once);
        }
    }
}
