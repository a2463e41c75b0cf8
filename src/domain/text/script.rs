//! What is told of a character by its script.

/// A Chinese character, in whichever language.
pub(super) fn han(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Whether words of the letter's script are found inside of what is written together: Chinese, Japanese, Thai, Lao, Khmer
/// and Burmese put nothing between words; Korean puts names, nouns and particles together.
pub(super) fn unspaced(c: char) -> bool {
    // Most letters come before all of these.
    if c < '\u{e00}' {
        return false;
    }
    han(c)
        || (!c.is_numeric()
            && matches!(c,
                // Thai, Lao.
                '\u{e00}'..='\u{eff}'
                // Burmese.
                | '\u{1000}'..='\u{109f}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}'
                // Khmer.
                | '\u{1780}'..='\u{17ff}'
                // Tai Le, New Tai Lue, Tai Tham, Tai Viet.
                | '\u{1950}'..='\u{19df}' | '\u{1a20}'..='\u{1aaf}' | '\u{aa80}'..='\u{aadf}'
                // Kana, Bopomofo.
                | '\u{3040}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}'
                | '\u{ff66}'..='\u{ff9f}' | '\u{1aff0}'..='\u{1b16f}'
                // Hangul.
                | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{a960}'..='\u{a97f}'
                | '\u{ac00}'..='\u{d7ff}' | '\u{ffa0}'..='\u{ffdc}'))
}

/// A letter to Unicode that belongs to the one before it: vowels and finals of Hangul written in single letters, voice
/// marks of half-width kana, the AM of Thai and Lao.
pub(super) fn follows(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}' | '\u{ff9e}' | '\u{ff9f}' | '\u{e33}' | '\u{eb3}')
}

/// What people write for an apostrophe inside of a name, and leave out: apostrophes, single quotes, accents and primes that
/// stand for one, and the letters that Ukrainian, Hawaiian, Uzbek and transcriptions of Arabic and Hebrew have for it.
pub(super) fn apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{55a}' | '\u{5f3}' | '\u{a78c}' | '\u{ff07}')
}
