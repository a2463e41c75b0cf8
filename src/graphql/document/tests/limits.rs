//! Documents at and over each limit.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::error::Code;
use crate::graphql::document::RequestError;
use crate::graphql::document::limit::Limits;
use crate::graphql::document::scan::scan;
use crate::graphql::document::tests::{judge, judge_with};

fn exceeded(refused: &RequestError) -> (&str, u64, u64) {
    assert_eq!(refused.code, Code::DocumentTooComplex, "{}", refused.message);
    let number = |name: &str| refused.extensions[name].as_u64().expect("a number");
    let limit = refused.extensions["limit"].as_str().expect("a name");
    (limit, number("allowed"), number("value"))
}

fn limit_of(document: &str) -> String {
    let refused = judge(document).expect_err("over a limit");
    exceeded(&refused).0.to_string()
}

/// Fragments `a0` to `a{n}`, each of which spreads the next `times`.
fn chain(n: usize, times: usize, ty: &str, last: &str) -> String {
    let mut text = String::new();
    for k in 0..n {
        let spreads = format!("...a{} ", k + 1).repeat(times);
        write!(text, "fragment a{k} on {ty}{{{spreads}}}").unwrap();
    }
    text + &format!("fragment a{n} on {ty}{{{last}}}")
}

#[test]
fn a_fragment_bomb_is_refused_wherever_it_is() {
    for (document, limit) in [
        (format!("{{...a0}}{}", chain(15, 2, "Query", "viewer x")), "root fields"),
        (format!("{{customer{{...a0}}}}{}", chain(14, 2, "Customer", "name")), "selections"),
        (format!("{{viewer}}{}", chain(15, 2, "Query", "viewer")), "selections of fragments"),
        // The validator takes the last of one name.
        (
            format!("{{viewer}}fragment a0 on Query{{viewer}}{}", chain(15, 2, "Query", "viewer")),
            "selections of fragments",
        ),
        (format!("{{...a0}}{}", chain(17, 1, "Query", "viewer")), "fragments inside fragments"),
    ] {
        assert_eq!(limit_of(&document), limit, "{}", &document[..60]);
    }
}

#[test]
fn counts_saturate_instead_of_wrapping() {
    // Fifteen levels of a hundred spreads: 10^30 selections.
    let bomb = format!("{{customer{{...a0}}}}{}", chain(15, 100, "Customer", "name"));
    let refused = judge(&bomb).unwrap_err();
    assert_eq!(exceeded(&refused), ("selections", 10_000, u64::MAX));
}

#[test]
fn each_limit_is_named() {
    let many = |n: usize, part: &dyn Fn(usize) -> String| (0..n).map(part).collect::<String>();
    let nested = |open: &str, inner: &str, close: &str, n: usize| {
        format!("{}{inner}{}", open.repeat(n), close.repeat(n))
    };
    let aliases = many(61, &|n| format!("a{n}:name "));
    let arguments = many(51, &|n| format!("a{n}:1 "));
    let uses = format!("fragment a on Query{{a(b:[{}])}}", "$a ".repeat(101));
    let table: Vec<(String, &str)> = vec![
        (format!("{{customer{{{aliases}}}}}"), "aliases"),
        (format!("{{{}}}", many(5000, &|n| format!("a{n}:viewer "))), "aliases"),
        (nested("{a", "", "}", 16), "depth"),
        (format!("{{{}}}", many(21, &|n| format!("f{n} "))), "root fields"),
        (format!("{{viewer {}}}", "@include(if:true)".repeat(51)), "directives"),
        (format!("{{viewer {}}}", "@a".repeat(10_000)), "tokens"),
        (format!("query({}){{a}}", many(501, &|n| format!("$v{n}:Int "))), "variables"),
        (many(100, &|n| format!("query q{n}{{...a}}")) + &uses, "uses of variables"),
        (format!("{{a({arguments})}}"), "arguments"),
        (format!("{{a @b({arguments})}}"), "arguments"),
        ("{".repeat(100_000), "nested brackets"),
        (format!("{{a(b:{})}}", "[".repeat(90_000)), "nested brackets"),
        (
            format!(
                "{{...a}}fragment a on Query{{{}}}fragment b on Query{}",
                nested("...{", "...b", "}", 40),
                nested("{...", "{a}", "}", 40)
            ),
            "nested brackets",
        ),
        (format!("{{a(b:{})}}", nested("[", "", "]", 21)), "nested values"),
        (format!("{{a(b:{})}}", nested("[", "", "]", 62)), "nested values"),
        (format!("query($a:A={}){{a}}", nested("{a:", "1", "}", 21)), "nested values"),
        (nested("{a", "", "}", 63), "depth"),
        (format!("{{a(b:\"{}\")}}", "x".repeat(100_000)), "bytes"),
        (
            "{customers(first:100){nodes{history(first:100){nodes{comments(first:100){nodes{id}}}}}}}"
                .into(),
            "cost",
        ),
        ("{__schema{types{fields{type{fields{name}}}}}}".into(), "nested lists of introspection"),
        (format!("{{__schema{{a{}}}}}", nested("{type", "", "}", 20)), "depth of introspection"),
        (format!("{{{}}}", many(6, &|n| format!("a{n}:__schema{{a}}"))), "introspection fields"),
    ];
    for (document, limit) in table {
        assert_eq!(limit_of(&document), limit, "{}", &document[..document.len().min(80)]);
    }
}

#[test]
fn a_cycle_of_fragments_is_refused_wherever_it_is() {
    for document in [
        "{...a} fragment a on Query{...a}",
        "{...a} fragment a on Query{...b} fragment b on Query{c{...a}}",
        "{viewer} fragment a on Query{...b} fragment b on Query{...a}",
        "{...a} fragment a on Query{viewer} fragment a on Query{...{...a}}",
    ] {
        let refused = judge(document).unwrap_err();
        assert_eq!(refused.code, Code::GraphqlValidationFailed);
        assert!(refused.message.contains("spreads itself"), "{}", refused.message);
    }
}

#[test]
fn variables_are_bounded_in_depth_size_and_characters() {
    let document = "query($v:JSON){a(v:$v)}";
    let with = |value: Json| judge_with(document, json!({ "v": value })).map(|_| ());
    let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!({ "a": [inner] }));
    assert!(with(nested(10)).is_ok());
    assert_eq!(exceeded(&with(nested(11)).unwrap_err()), ("nested values", 20, 21));
    let large = |megabytes: usize| json!("x".repeat((megabytes << 20) + 1));
    let refused = with(large(1)).unwrap_err();
    assert_eq!(exceeded(&refused), ("bytes of variables", 1 << 20, (1 << 20) + 8));
    let recording = "mutation($v:[I!]!){recordEngagements(inputs:$v){results{duplicate}}}";
    assert!(judge_with(recording, json!({ "v": large(3) })).is_ok());
    let refused = judge_with(recording, json!({ "v": large(4) })).unwrap_err();
    assert_eq!(exceeded(&refused).1, 4 << 20);
    let query = recording.replacen("mutation", "query", 1);
    assert_eq!(exceeded(&judge_with(&query, json!({ "v": large(3) })).unwrap_err()).1, 1 << 20);
    for value in [json!("a\0b"), json!([{ "a": "\0" }]), json!({ "\0": 1 })] {
        assert_eq!(with(value).unwrap_err().code, Code::BadRequest);
    }
    for document in [
        "{a(b:\"x\\u0000\")}",
        "{a(b:[{c:\"\0\"}])}",
        "query($a:A=[\"\\u0000\"]){a}",
        "{a @b(c:\"\"\"\0\"\"\")}",
    ] {
        assert_eq!(judge(document).unwrap_err().code, Code::BadRequest, "{document}");
    }
}

#[test]
fn brackets_and_words_inside_strings_and_comments_do_not_count() {
    let limits = Limits { tokens: 8, brackets: 2, ..Limits::default() };
    for text in [
        "{ a(b: \"{{{{ [[[[ \\\" x y z\") } # {{{{ a b c",
        "{a(b:\"\"\"{{{ \\\"\"\" \" [[ \"\"\")}",
    ] {
        assert_eq!(scan(text, &limits), Ok(()));
    }
    assert!(scan("{a b c d e f g}", &limits).is_err());
}
