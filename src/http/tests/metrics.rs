//! `/metrics` on an address of its own.

use tokio::net::TcpListener;

use crate::http::tests::kit::Stand;

#[tokio::test]
async fn metrics_with_an_address_of_their_own_are_not_on_the_public_one() {
    let open = Stand::default().start().await;
    assert_eq!(open.get("/metrics").await.status, 200);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Stand { metrics_listener: Some(listener), ..Stand::default() }.start().await;
    for (path, status) in
        [("/metrics", 404), ("/healthz", 200), ("/readyz", 200), ("/graphql?query=%7Bwho%7D", 200)]
    {
        assert_eq!(server.get(path).await.status, status, "public {path}");
    }
    let apart = server.at(address);
    for (path, status) in [
        ("/metrics", 200),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/graphql?query=%7Bwho%7D", 404),
        ("/identify", 404),
        ("/", 404),
    ] {
        assert_eq!(apart.get(path).await.status, status, "apart {path}");
    }
    assert!(apart.get("/metrics").await.body.contains("rapport_requests_total"));
    assert_eq!(apart.send("POST", "/metrics", &[], b"{}").await.status, 405);
    apart.stop().await;
}
