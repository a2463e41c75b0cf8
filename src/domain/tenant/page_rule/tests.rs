//! Tests of page rules: patterns, categories, objects, links.

use proptest::prelude::*;

use crate::domain::tenant::page_rule::{Page, PageRule, PageRules, https_link, page_url};

fn rule(pattern: &str, category: Option<&str>) -> PageRule {
    PageRule { pattern: pattern.to_owned(), category: category.map(str::to_owned) }
}

fn page(category: &str, object: &str) -> Page {
    let part = |part: &str| Some(part.to_owned()).filter(|part| !part.is_empty());
    Page { category: part(category), object: part(object) }
}

#[test]
fn without_rules_a_path_is_category_and_object() {
    for (url, category, object) in [
        ("http://somehost.com/category/objectid", "category", "objectid"),
        ("http://somehost.com/category", "category", ""),
        ("http://somehost.com/", "", ""),
        ("http://somehost.com", "", ""),
        ("https://somehost.com//cars/42/photos?x=/a/b#/c", "cars", "42"),
        ("/cars/42", "cars", "42"),
        ("/cars/..%2F", "cars", "../"),
        ("/cars/a%20b%C3%A9", "cars", "a bé"),
        ("/cars/%zz%+1%", "cars", "%zz%+1%"),
        ("/cars/%00", "cars", "%00"),
        ("/cars/%ff", "cars", "%ff"),
        ("/a/../cars/1", "cars", "1"),
        ("https://somehost.com/autos/größe", "autos", "größe"),
        ("not a url", "", ""),
        ("//other.example/cars/42", "", ""),
    ] {
        assert_eq!(PageRules::default().page(url), page(category, object), "{url}");
    }
    let long = format!("/cars/{}", "ä".repeat(300));
    assert_eq!(PageRules::default().page(&long).object, Some("ä".repeat(255)));
}

#[test]
fn the_first_rule_that_matches_wins() {
    let rules = PageRules {
        ignore: vec!["/api".to_owned(), "/my/account".to_owned()],
        rules: vec![
            rule("/cars/:object", None),
            rule("/used/:make/:object", Some("used cars")),
            rule("/:lang/:category/:object", None),
            rule("/blog/*", None),
            rule("/sell", None),
            rule("/x/:category/*", None),
            rule("/campaign/*", Some("campaign")),
        ],
    };
    assert_eq!(rules.validate(), Ok(()));
    for (path, category, object) in [
        ("/cars/42", "cars", "42"),
        ("/CARS/42", "cars", "42"),
        ("/cars/42/", "cars", "42"),
        ("/cars", "cars", ""),
        ("/used/delorean/88", "used cars", "88"),
        ("/en/vans/7", "vans", "7"),
        ("/blog", "blog", ""),
        ("/blog/a/b/c/d", "blog", ""),
        ("/sell", "sell", ""),
        ("/x/vans/1/2/3", "vans", ""),
        ("/campaign/1", "campaign", ""),
        ("/api", "", ""),
        ("/api/cars/42", "", ""),
        ("/apiary/1", "apiary", "1"),
        ("/My/Account/orders", "", ""),
        ("/my/cars", "my", "cars"),
        ("/1/2/3/4/5/6/7/8/9/10/11/12", "1", "2"),
    ] {
        assert_eq!(
            rules.page(&format!("https://shop.example{path}")),
            page(category, object),
            "{path}"
        );
    }
    let nothing_else = PageRules {
        ignore: Vec::new(),
        rules: vec![rule("/cars/:object", None), rule("/*", None)],
    };
    assert_eq!(nothing_else.page("/other/1"), Page::default());
}

#[test]
fn a_bad_rule_is_named() {
    let long = format!("/{}", "a".repeat(200));
    for (pattern, message) in [
        ("cars/:object", "a pattern begins with /"),
        ("", "a pattern begins with /"),
        ("/1/2/3/4/5/6/7/8/9/10/11", "a pattern has at most 200 characters and 10 segments"),
        (&long, "a pattern has at most 200 characters and 10 segments"),
        ("/a b", "a pattern is a path, without blanks, ? and #"),
        ("/a?b", "a pattern is a path, without blanks, ? and #"),
        ("/*/a", "* stands alone at the end of a pattern"),
        ("/a*", "* stands alone at the end of a pattern"),
        ("/:/a", "a : has a name"),
        ("/:object/:object", "a pattern has :category and :object once"),
    ] {
        let rules =
            PageRules { ignore: Vec::new(), rules: vec![rule("/good", None), rule(pattern, None)] };
        let error = rules.validate().expect_err(pattern);
        assert_eq!(
            (error.message.as_str(), error.path),
            (message, vec!["rules".into(), "1".into(), "pattern".into()]),
            "{pattern}"
        );
    }
    for ignored in ["/", "/*", "/:lang"] {
        let error = PageRules { ignore: vec![ignored.to_owned()], rules: Vec::new() }
            .validate()
            .expect_err(ignored);
        assert_eq!(error.path, ["ignore", "0"]);
    }
    let error = PageRules { ignore: Vec::new(), rules: vec![rule("/a", Some(" "))] }
        .validate()
        .expect_err("blank");
    assert_eq!(error.path, ["rules", "0", "category"]);
    assert!(
        PageRules { ignore: Vec::new(), rules: vec![rule("/a", None); 51] }.validate().is_err()
    );
}

#[test]
fn rules_are_read_from_settings() {
    let json = r#"{"ignore":["/api"],"rules":[{"pattern":"/cars/:object"},{"pattern":"/u/*","category":"users"}]}"#;
    let rules: PageRules = serde_json::from_str(json).expect("rules");
    assert_eq!(rules.rules[1], rule("/u/*", Some("users")));
    assert_eq!(serde_json::to_string(&rules).expect("json"), json);
    assert_eq!(serde_json::from_str::<PageRules>("{}").expect("none"), PageRules::default());
    assert!(serde_json::from_str::<PageRules>(r#"{"rulez":[]}"#).is_err());
}

#[test]
fn addresses_of_pages() {
    for good in [
        "http://somehost.com/category/objectid",
        "HTTPS://somehost.com",
        "http://localhost:3000/a?b=c#d",
        "/cars/42",
        "/",
        "https://münchen.example/ä",
    ] {
        assert_eq!(page_url(&format!(" {good}\n")), Ok(good.to_owned()));
    }
    for (bad, message) in [
        ("", "the URL is blank"),
        ("cars/42", "a page's URL is http or https, or a path that begins with /"),
        ("javascript:alert(1)", "a page's URL is http or https, or a path that begins with /"),
        ("file:///etc/passwd", "a page's URL is http or https, or a path that begins with /"),
        ("http:somehost.com", "a page's URL is http or https, or a path that begins with /"),
        ("//other.example/", "a path has one / in front"),
        ("/\\other.example/", "a URL has no blanks, quotes, backslashes and angle brackets"),
        ("http://", "the URL is not valid"),
        ("http://a:99999/", "the URL is not valid"),
        ("http://me:secret@somehost.com/", "a URL has no user name and password"),
        ("http://a/\0", "a URL has no control characters"),
        ("http://a/b c", "a URL has no blanks, quotes, backslashes and angle brackets"),
    ] {
        assert_eq!(page_url(bad).map_err(|error| error.message), Err(message.to_owned()), "{bad}");
    }
    let full = |chars: usize| format!("/{}", "ä".repeat(chars - 1));
    assert!(page_url(&full(2048)).is_ok());
    assert!(page_url(&full(2049)).is_err());
}

#[test]
fn links_are_https_only() {
    assert_eq!(
        https_link(" https://cdn.example/a.png "),
        Ok("https://cdn.example/a.png".to_owned())
    );
    for bad in [
        "http://cdn.example/a.png",
        "/a.png",
        "data:image/png;base64,AAAA",
        "https:cdn.example",
        "https://",
        "https://user@cdn.example/",
        "https://cdn.example\\@other.example/",
        "https://cdn.example/\u{7}",
        "https://cdn.example/\"><script>",
        "javascript://cdn.example/%0aalert(1)",
    ] {
        assert!(https_link(bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn any_address_gives_bounded_parts(url in "\\PC{0,60}|/(\\PC{0,9}/){0,14}|https?://[a-z.]{1,9}/\\PC{0,40}") {
        let rules = PageRules { ignore: vec!["/a".to_owned()], rules: vec![rule("/:lang/:category/:object/*", None), rule("/b/*", None)] };
        for rules in [PageRules::default(), rules] {
            let page = rules.page(&url);
            for part in [page.category, page.object].into_iter().flatten() {
                prop_assert!(!part.is_empty() && part.chars().count() <= 255 && !part.contains('\0'));
            }
        }
        if let Ok(once) = page_url(&url) {
            prop_assert_eq!(page_url(&once), Ok(once.clone()));
        }
    }
}
