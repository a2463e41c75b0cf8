//! `docs/operate.md` tells every metric.

use rapport::auth::Role;
use serde_json::json;

use crate::docs::page;
use crate::support::served::Served;
use crate::support::stand::Stand;

#[tokio::test]
async fn every_metric_stands_in_the_table_and_no_other() {
    let stand = Stand::new().await;
    let server = Served::on(&stand.store, &[]).await;
    let token = Served::token(Role::Viewer, "acme", "me");
    server.data(&token, "{ viewer { role } }", json!({})).await;
    let url = format!("{}/metrics", server.url);
    let text = reqwest::get(url).await.expect("an answer").text().await.expect("text");
    server.stop().await;
    let mut there: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# HELP "))
        .filter_map(|line| line.split(' ').next())
        .collect();
    let operate = page("docs/operate.md");
    let mut told: Vec<&str> = operate
        .lines()
        .filter_map(|line| line.strip_prefix("| `rapport_"))
        .filter_map(|line| line.split('`').next())
        .collect();
    there.sort_unstable();
    told.sort_unstable();
    let there: Vec<&str> =
        there.iter().map(|name| name.strip_prefix("rapport_").expect("our own")).collect();
    assert_eq!(told, there);
}
