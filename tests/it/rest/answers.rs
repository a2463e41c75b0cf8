//! The answers of the original task.

use serde_json::json;

use crate::rest::Served;

#[tokio::test]
async fn the_original_task_is_answered_as_it_asks() {
    let server = Served::new(&[]).await;
    let first = server
        .contact(json!({ "email": "lorraine@hillvalley.edu", "phoneNumber": "123456" }))
        .await;
    let lorraine = first["primaryContactId"].as_i64().expect("an integer");
    let answer = |emails: &[&str], phones: &[&str], secondaries: &[i64]| {
        json!({
            "primaryContactId": lorraine, "primaryContatctId": lorraine,
            "emails": emails, "phoneNumbers": phones, "secondaryContactIds": secondaries,
        })
    };
    assert_eq!(first, answer(&["lorraine@hillvalley.edu"], &["123456"], &[]));

    let second =
        server.contact(json!({ "email": "mcfly@hillvalley.edu", "phoneNumber": "123456" })).await;
    let mcfly = second["secondaryContactIds"][0].as_i64().expect("a secondary contact");
    let both = answer(&["lorraine@hillvalley.edu", "mcfly@hillvalley.edu"], &["123456"], &[mcfly]);
    assert_eq!(second, both);

    let written = server.count().await;
    let same = [
        json!({ "email": null, "phoneNumber": "123456" }),
        json!({ "phoneNumber": 123_456 }),
        json!({ "phoneNumber": " 123-456 ", "email": "  " }),
        json!({ "email": "lorraine@hillvalley.edu", "phoneNumber": null }),
        json!({ "email": "mcfly@hillvalley.edu" }),
        json!({ "email": "  McFly@HillValley.EDU " }),
        json!({ "email": "mcfly@hillvalley.edu", "phoneNumber": "123456", "extra": [1, 2] }),
        json!({ "email": "mcfly@hillvalley.edu", "phoneNumber": "" }),
        json!({ "email": "null", "phoneNumber": "123456" }),
    ];
    for body in same {
        assert_eq!(server.contact(body.clone()).await, both, "{body}");
    }
    assert_eq!(server.count().await, written, "a repeat wrote something");
}

#[tokio::test]
async fn what_is_no_identifier_is_named_beside_the_answer() {
    let server = Served::new(&[]).await;
    let post = async |body: serde_json::Value| {
        let answer = server.post(body.to_string()).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.body);
        answer.body
    };
    let ignored = |name: &str, value: &str, reason: &str| json!([{ "path": [name], "value": value, "reason": reason }]);
    let body = post(json!({ "email": "eve@x.example", "phoneNumber": "call me" })).await;
    assert_eq!(body["contact"]["emails"], json!(["eve@x.example"]));
    assert_eq!(body["contact"]["phoneNumbers"], json!([]));
    assert_eq!(body["ignored"], ignored("phoneNumber", "call me", "a phone number has no letters"));
    let body =
        post(json!({ "email": "eve@example..com", "phoneNumber": "(415) 555-0100 x12" })).await;
    assert_eq!(body["contact"]["phoneNumbers"], json!(["+14155550100;ext=12"]));
    let told = "the domain of the email is not valid";
    assert_eq!(body["ignored"], ignored("email", "eve@example..com", told));
    let body = post(json!({ "email": "Eve <eve@x.example>;", "phoneNumber": "" })).await;
    assert_eq!(body["contact"]["emails"], json!(["eve@x.example"]));
    assert_eq!(body.get("ignored"), None, "a blank value says nothing");
    // A member that does not exist is not dropped without a word.
    let body = post(json!({ "email": "eve@x.example", "phone": 7 })).await;
    let told = "there is no such member. Did you mean \"phoneNumber\"?";
    assert_eq!(body["ignored"], ignored("phone", "7", told));
    assert_eq!(body["contact"]["phoneNumbers"], json!([]));
    // A spreadsheet's number is whole, as text and as JSON.
    let number = post(json!({ "phoneNumber": "4155550160.0" })).await["contact"].clone();
    assert_eq!(number["phoneNumbers"], json!(["+14155550160"]));
    for same in [json!(4_155_550_160_i64), json!(4_155_550_160.0), json!("+1 415-555-0160")] {
        assert_eq!(post(json!({ "phoneNumber": same })).await["contact"], number);
    }
}

#[tokio::test]
async fn two_people_become_one_and_the_older_stays() {
    let server = Served::new(&[]).await;
    let george = server
        .contact(json!({ "email": "george@hillvalley.edu", "phoneNumber": "919191" }))
        .await["primaryContactId"]
        .clone();
    let biff = server
        .contact(json!({ "email": "biffsucks@hillvalley.edu", "phoneNumber": "717171" }))
        .await["primaryContactId"]
        .clone();
    let merged =
        server.contact(json!({ "email": "george@hillvalley.edu", "phoneNumber": "717171" })).await;
    let expected = json!({
        "primaryContactId": george, "primaryContatctId": george,
        "emails": ["george@hillvalley.edu", "biffsucks@hillvalley.edu"],
        "phoneNumbers": ["919191", "717171"],
        "secondaryContactIds": [biff],
    });
    assert_eq!(merged, expected);
    assert_eq!(server.contact(json!({ "phoneNumber": "717171" })).await, expected);
}

#[tokio::test]
async fn the_demo_takes_the_original_curl_line_without_a_token() {
    let server = Served::new(&["--demo"]).await;
    let ada = json!({ "email": "ada@example.com", "phoneNumber": "+14155550100" }).to_string();
    let post = || {
        server
            .client
            .post(format!("{}/identify", server.origin))
            .header("content-type", "application/json")
            .body(ada.clone())
    };
    let answer = server.send(post()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["contact"]["emails"], json!(["ada@example.com"]));
    assert_eq!(answer.body["contact"]["phoneNumbers"], json!(["+14155550100"]));
    // A page of another site, under a name of its own that points to this machine, is not this machine.
    assert_eq!(server.send(post().header("host", "evil.example")).await.status, 401);
}
