//! What people, address books and telephone systems write around a number: labels, schemes, hosts, extensions.

use crate::domain::identifier::text::caseless;

/// Digits of an extension behind a mark that also divides numbers.
const SHORT_EXTENSION: usize = 6;
/// Digits of an extension that is called one.
const LONG_EXTENSION: usize = 12;

/// What stands in front of a number, in lower case.
const LABELS: &str = "\
    tel telephone telefon telefono teléfono telefone téléphone tél phone ph mob mobile mobil \
    mobiltelefon móvil movil cell cellphone celular cel handy portable gsm fax whatsapp wa \
    sms smsto callto sip sips call office home work business direct landline p m t c h w f o \
    d тел телефон моб мобильный τηλ 电话 電話 手机 手機 携帯 전화 휴대폰 هاتف جوال טלפון ☎ ☏ ✆ 📞 📱";
/// What stands between a label and the number.
const AFTER_LABELS: &str = "\
    no nr num number nummer número numero # n° №";
/// What an extension is called, in lower case.
const EXTENSIONS: &str = "\
    ext extn extension xtn x int interno anexo ramal poste durchwahl dw toestel p w доб \
    добавочный вн 内線 内线 转 轉 분기 내선";
/// Hosts of WhatsApp's addresses that are numbers.
const NUMBER_HOSTS: [&str; 2] = ["s.whatsapp.net", "c.us"];

/// Links to a chat: behind them stands a number with its country code.
const LINKS: [&str; 6] =
    ["wa.me/+", "wa.me/", "send?phone=+", "send?phone=", "send/?phone=", "t.me/+"];

/// What is left of a text when everything around the number is taken away.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Undressed {
    pub text: String,
    /// Out of `;ext=`.
    pub extension: Option<String>,
}

/// The number in a text, without labels, schemes, hosts, parameters and quotes; nothing where an address of something
/// else stands in it (`alice@example.com`).
pub(crate) fn undress(text: &str) -> Option<Undressed> {
    if let Some((_, tail)) = LINKS.iter().find_map(|link| text.split_once(link)) {
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        return Some(Undressed { text: format!("+{}", &tail[..end]), extension: None });
    }
    let text = inside(text);
    let (mut rest, mut uri, mut labelled) = (trim(text), false, false);
    while let Some((label, tail)) = label(rest, labelled) {
        uri |= matches!(label.as_str(), "sip" | "sips");
        labelled = true;
        rest = trim(tail);
    }
    let (number, parameters) = parameters(user(rest, uri)?);
    let parameter = |name: &str| {
        parameters.split(';').find_map(|one| {
            let (key, value) = one.split_once('=')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let context = parameter("phone-context").filter(|context| context.starts_with('+'));
    let context = context.filter(|_| !number.starts_with('+')).unwrap_or_default();
    let number = number.replace("%2B", "+").replace("%2b", "+").replace("%20", " ");
    let number: String = number.chars().filter(|c| !matches!(c, '\'' | '’' | '`')).collect();
    let extension = parameter("ext").and_then(extension_digits);
    Some(Undressed { text: format!("{context}{number}"), extension })
}

/// What stands between the last angle brackets: `Eve <tel:+1…>`.
fn inside(text: &str) -> &str {
    let inner = text.rsplit_once('<').and_then(|(_, tail)| tail.split_once('>'));
    inner.map_or(text, |(inner, _)| inner)
}

fn trim(text: &str) -> &str {
    let edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '\''
                    | '`'
                    | '´'
                    | '“'
                    | '”'
                    | '„'
                    | '‘'
                    | '’'
                    | '«'
                    | '»'
                    | '='
                    | ':'
                    | ';'
                    | ','
                    | '<'
                    | '>'
                    | '{'
                    | '}'
                    | '!'
                    | '?'
            )
    };
    text.trim_matches(edge).trim_start_matches('.')
}

/// The label in front of a text, and what comes behind it. A single letter is one only before a colon or a dot.
fn label(text: &str, labelled: bool) -> Option<(String, &str)> {
    let letter = |c: char| c.is_alphabetic() || matches!(c, '°');
    let end = match text.find(|c: char| !letter(c)).unwrap_or(text.len()) {
        0 => text.chars().next()?.len_utf8(),
        end => end,
    };
    let (word, tail) = text.split_at(end);
    let word = caseless(word);
    let known = one_of(LABELS, &word) || (labelled && one_of(AFTER_LABELS, &word));
    let alone = word.chars().nth(1).is_some() || !word.is_ascii() || word == "#";
    let marked = alone || tail.starts_with([':', '.']);
    (known && marked)
        .then(|| (word, tail.trim_start_matches(['.', ':', '/', ' ', '\u{fe0f}', '\u{fe0e}'])))
}

fn one_of(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

/// What stands before the `@` of a SIP or WhatsApp address, without password and device.
fn user(text: &str, uri: bool) -> Option<&str> {
    let Some((user, host)) = text.rsplit_once('@') else { return Some(text) };
    let of_a_number = uri
        || user.starts_with('+')
        || NUMBER_HOSTS.iter().any(|known| host.eq_ignore_ascii_case(known));
    let user = user.split_once(':').map_or(user, |(user, _)| user);
    of_a_number.then_some(user)
}

/// Without what follows a `;` or `?` and is named: `;user=phone`, `;ext=12`.
fn parameters(text: &str) -> (&str, &str) {
    let named =
        |at: &usize| text[at + 1..].trim_start().starts_with(|c: char| c.is_ascii_alphabetic());
    let at = text
        .match_indices([';', '?'])
        .map(|(at, _)| at)
        .find(|at| named(at) && text[at + 1..].contains('='));
    at.map_or((text, ""), |at| (&text[..at], &text[at + 1..]))
}

fn extension_digits(text: &str) -> Option<String> {
    let good =
        (1..=LONG_EXTENSION).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    good.then(|| text.to_owned())
}

/// An extension behind a number.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Extension<'t> {
    pub number: &'t str,
    pub digits: &'t str,
    /// It is called one; a mark that also divides numbers leaves a doubt.
    pub sure: bool,
}

/// `415-555-0100 x12`, `… ext. 12`, `…#12`, `…,,12`.
pub(crate) fn extension(text: &str) -> Option<Extension<'_>> {
    let text = text.trim_end_matches([')', ']', '#', ' ', '.']);
    let head = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[head.len()..];
    if digits.is_empty() {
        return None;
    }
    let marked = head.trim_end_matches([' ', '.', ':', '=', '-']);
    let before = marked.trim_end_matches(char::is_alphabetic);
    let word = caseless(&marked[before.len()..]);
    let (number, sure) = if word.is_empty() {
        let number = marked.trim_end_matches(['#', ',', ';']);
        let mark = &marked[number.len()..];
        if mark.is_empty() || digits.len() > SHORT_EXTENSION {
            return None;
        }
        (number, mark.contains('#'))
    } else if one_of(EXTENSIONS, &word) && digits.len() <= LONG_EXTENSION {
        (before, true)
    } else {
        return None;
    };
    let number = number.trim_end_matches([' ', ',', ';', '-', '(', '[', '#', '/']);
    let enough = number.chars().filter(char::is_ascii_digit).nth(4).is_some();
    enough.then_some(Extension { number, digits, sure })
}

/// The whole number that a spreadsheet made of digits: `4155550160.0`, `4,155,550,160`, `4.15555016E9`.
///
/// Nothing for `4.15555E+09`: there the spreadsheet has cut the number short.
pub(crate) fn quantity(text: &str) -> Option<String> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (plus, unsigned) = text.strip_prefix('+').map_or(("", text), |rest| ("+", rest));
    if let Some((mantissa, power)) = unsigned.split_once(['E', 'e']) {
        let (whole, decimals) = mantissa.split_once('.')?;
        let power: usize = power.parse().ok().filter(|power| (6..=14).contains(power))?;
        let fits = power > 5
            && whole.len() == 1
            && digits(whole)
            && digits(decimals)
            && decimals.len() <= power;
        return fits
            .then(|| format!("{whole}{decimals:0<power$}"))
            .filter(|_| !unsigned.contains("E+"));
    }
    let (whole, fraction) = match unsigned.rsplit_once(['.', ',']) {
        Some((whole, zeros)) if zeros.len() != 3 && zeros.bytes().all(|b| b == b'0') => {
            (whole, zeros)
        }
        _ => (unsigned, ""),
    };
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = whole.len() > first.len();
    let good = digits(first)
        && if grouped {
            first.len() <= 3 && groups.all(|group| group.len() == 3 && digits(group))
        } else {
            !fraction.is_empty() && first.len() >= 6
        };
    good.then(|| format!("{plus}{}", whole.replace(',', ""))).filter(|number| number.len() > 5)
}

/// Brazil's `(0xx11) 3033-5446`, with or without a country code: the digits behind the carrier's place.
pub(crate) fn brazilian(text: &str) -> Option<&str> {
    let at = text.as_bytes().windows(3).position(|three| three.eq_ignore_ascii_case(b"0xx"))?;
    let before: String = text[..at].chars().filter(char::is_ascii_digit).collect();
    matches!(before.as_str(), "" | "55" | "0055").then(|| &text[at + 3..])
}

/// What divides numbers, and now and then the parts of one.
pub(crate) fn divider(c: char) -> bool {
    matches!(c, ',' | ';' | '|' | '&')
}

/// The pieces of a text in which several numbers may stand: a second `+` begins a second number.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == '/' || divider(c)).flat_map(|part| {
        let second = part.rfind('+').unwrap_or(0);
        let (head, tail) = part.split_at(second);
        [head, tail]
    })
}
