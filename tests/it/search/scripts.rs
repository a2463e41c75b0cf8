//! Names and texts of every script are found as their people type them.

use rapport::entity::kinds::IdentityKind;
use rapport::ids::CustomerId;

use crate::search::Desk;
use crate::support::stand::{email, given, phone};

/// A name, and what finds the person who has it.
const FOUND: &[(&str, &[&str])] = &[
    // Hangul: syllables inside of a word that is written together.
    ("김민수", &["민수", "김민수", "김 민수", "수", "민"]),
    ("남궁서연", &["서연", "남궁"]),
    // Thai, Khmer, Lao, Burmese, kana.
    ("สมชายใจดี", &["ใจดี", "สมชาย", "ชาย"]),
    ("សុខាភិរម្យ", &["ភិរម្យ", "សុខា"]),
    ("ສົມພອນ", &["ພອນ"]),
    ("အောင်ဆန်း", &["ဆန်း"]),
    ("やまだたろう", &["たろう", "やまだ"]),
    ("ﾀﾅｶｹﾝｼﾞ", &["ケンジ", "タナカ", "ｹﾝｼﾞ"]),
    ("山田花子", &["花子", "山田", "子"]),
    // Arabic, Persian and Urdu ways to write a letter.
    ("علی رضایی", &["علي", "على رضايى", "علی"]),
    ("كريم بنزيما", &["کریم", "كريم"]),
    ("فاطمة الزهراء", &["فاطمه", "فاطمہ", "فاطمة"]),
    ("یوسف ہاشمی", &["يوسف", "هاشمي"]),
    // Apostrophes inside of a name are none to whoever leaves them out, and each is all the others.
    ("Мар’яна Шевченко", &["маряна", "мар'яна", "марʼяна", "Мар’яна"]),
    ("Дем\u{2bc}ян", &["демян", "дем'ян", "дем’ян"]),
    ("Ka\u{2bb}ahumanu", &["kaahumanu", "ka'ahumanu", "ka’ahumanu"]),
    ("Sinead O’Connor", &["oconnor", "o'connor", "OʼConnor", "connor", "o connor"]),
    ("Kevin OBrien", &["o'brien", "o’brien", "obrien"]),
    ("Nadia D'Ann-D’Angelo", &["dangelo", "d’angelo", "angelo"]),
    // Digits of every script.
    ("Unit ४५६", &["456", "٤٥٦", "unit ４５６"]),
    ("Ward 789", &["٧٨٩", "۷۸۹", "๗๘๙", "৭৮৯"]),
];

/// What is typed, and whom it must not find.
const NOT_FOUND: &[&str] = &["수민", "จัย", "민서", "علو", "мар яно", "457", "กัน", "ろうた", "ພອມ"];

#[tokio::test(flavor = "multi_thread")]
async fn names_of_every_script_are_found_as_people_type_them() {
    let desk = Desk::new().await;
    let mut people = Vec::new();
    for (n, (name, _)) in FOUND.iter().enumerate() {
        people.push(desk.person(name, &[email(&format!("p{}@x.example", n + 10_000))]).await);
    }
    for ((name, ways), person) in FOUND.iter().zip(&people) {
        for typed in *ways {
            let found = desk.found(typed).await;
            assert!(found.contains(person), "{typed} finds {name}: {found:?}");
            assert!(found.len() <= 2, "{typed} finds many: {found:?}");
        }
    }
    for typed in NOT_FOUND {
        assert_eq!(desk.found(typed).await, [], "{typed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_the_text_comes_before_names_with_its_characters() {
    let desk = Desk::new().await;
    let mut count = 0;
    for (typed, names) in [
        ("王元", ["王元", "李王元", "元王"]),
        ("田中", ["田中", "田中一郎", "中田"]),
        ("민수", ["민수", "김민수", "민수진"]),
        ("jean-luc", ["Jean-Luc", "Jean-Luc Picard", "Luc Jean"]),
    ] {
        let mut people = Vec::new();
        for name in names {
            count += 1;
            people.push(desk.person(name, &[email(&format!("p{count}@x.example"))]).await);
        }
        // Seen last comes first among equals: the right one was seen first.
        let found = desk.found(typed).await;
        assert!(people.iter().all(|person| found.contains(person)), "{typed}: {found:?}");
        if typed == "jean-luc" {
            assert_eq!(found[2], people[2], "{typed}: who is called otherwise comes last");
        } else {
            assert_eq!(found[0], people[0], "{typed}");
        }
        assert_eq!(desk.hits(typed).await.len(), 3, "{typed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn titles_and_numbers_beside_a_name_find_the_person() {
    let desk = Desk::new().await;
    let tim =
        desk.person("Tim Cook", &[email("tim@apple.example"), phone("+1 415 555 0100")]).await;
    let luis =
        desk.person("Luis Gómez", &[email("luis@x.example"), phone("+55 12 5555-3923")]).await;
    let twin = desk.person("Luis Prado", &[phone("+55 12 3923-5555")]).await;
    let ann = desk.person("Ann Johnson", &[email("aj@x.example")]).await;
    let don = desk.person("Don Johnson", &[email("dj@x.example")]).await;
    let no = desk.person("Dr. No", &[given(IdentityKind::Telegram, "@crabkey")]).await;
    let tanaka = desk.person("田中", &[email("t@x.example")]).await;
    for (typed, who) in [
        ("Mr. Cook", &[tim][..]),
        ("mr tim cook", &[tim]),
        ("Herr Dr. Cook", &[tim]),
        ("Mr. Cooke", &[tim]),
        ("Señor Gómez", &[luis]),
        ("田中さん", &[tanaka]),
        ("tel:+14155550100", &[tim]),
        ("tel:+1-415-555-0100", &[tim]),
        ("tel:+1 415 555", &[tim]),
        ("Tel. 0100", &[tim]),
        ("Tim +1 (415) 555-0100", &[tim]),
        ("Mr. Cook +1 (415) 555-0100", &[tim]),
        ("cook 415 555 0100", &[tim]),
        ("415-555-0100 tim", &[tim]),
        ("tim tel:+1-415-555-0100", &[tim]),
        ("luis +1 (415) 555-0100", &[]),
        ("luis 1255553923", &[luis]),
        ("luis +55 12 5555", &[luis]),
        ("dr no", &[no]),
        ("Dr.", &[no]),
        ("don johnson", &[don, ann]),
        ("mr johnson", &[don, ann]),
        ("Mrs. Nobody", &[]),
    ] {
        assert_eq!(desk.found(typed).await, who, "{typed}");
    }
    // Read as one number, and as two pieces of one.
    let mut both = desk.found("luis 5555 3923").await;
    both.sort();
    assert_eq!(both, [luis, twin]);
    // Pages are the list, cut, also where several ways of reading bring it together.
    let both = desk.found("luis 5555 3923").await;
    for (typed, whole) in [("don johnson", vec![don, ann]), ("luis 5555 3923", both)] {
        assert_eq!(one_by_one(&desk, typed).await, whole, "{typed}");
    }
}

/// Who is found, by pages of one.
async fn one_by_one(desk: &Desk, typed: &str) -> Vec<CustomerId> {
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = desk.stand.rapport.search_people(desk.scope.tenant, typed, 1, after).await;
        let page = page.expect("a page");
        let Some(last) = page.last() else { break };
        after = Some(last.key());
        paged.extend(page.iter().map(|hit| hit.customer.id));
        assert!(paged.len() < 10, "{typed}: {paged:?}");
    }
    paged
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_a_text_without_blanks_are_found_inside_of_it() {
    let desk = Desk::new().await;
    let person = desk.person("Somebody", &[email("s@x.example")]).await;
    let long = format!("{}ข้าวผัด", "มานะมานี".repeat(20));
    let texts: &[(&str, &[&str])] = &[
        ("ฉันกินข้าวแล้ว", &["กิน", "ข้าวแล้ว", "กินข", "แล้ว กิน"]),
        ("เรารักกัน", &["กัน", "รัก"]),
        (&long, &["ผัด", "มานี"]),
        ("ខ្ញុំញ៉ាំបាយ", &["បាយ", "ញ៉ាំ"]),
        ("我想预订房间", &["房间", "预订", "房", "间"]),
        ("明日東京タワーに行きます", &["東京", "タワー", "行き"]),
        ("학교에서만나요", &["학교", "만나", "에서"]),
        ("नमस्ते दुनिया", &["नमस्ते", "दुनि"]),
        ("Der Mar’yana-Laden", &["maryana", "mar’yana", "laden"]),
        ("رسالة من علی", &["علي", "رساله"]),
        ("order ٤٥٦", &["456", "order ۴۵۶"]),
    ];
    let items = texts.iter().enumerate().map(|(n, (text, _))| desk.note(person, n as i64, text));
    desk.record(items.collect()).await;
    for (n, (text, ways)) in texts.iter().enumerate() {
        for typed in *ways {
            let hits = desk.items(typed).await;
            let times: Vec<i64> = hits.iter().map(|hit| hit.item.occurred_at.0).collect();
            assert_eq!(times, [n as i64], "{typed} in {text}");
            assert!(!hits[0].matches.is_empty(), "{typed} is shown in {text}");
        }
    }
    for typed in ["กนิ", "订预", "교학", "मस्ते", "aryana"] {
        assert_eq!(desk.items(typed).await, [], "{typed}");
    }
    let shown = desk.items("房间").await.remove(0).matches.remove(0);
    assert_eq!((shown.fragment.as_str(), &shown.ranges[..]), ("我想预订房间", &[(4, 6)][..]));
}
