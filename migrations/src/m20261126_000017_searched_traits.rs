//! People are found by their traits, and page views by their addresses: what is stored is indexed beside the work of the
//! server, as in the migration before that began it.

crate::migration! {
    up: &[
        "INSERT INTO search_renewal (tenant) SELECT id FROM tenant WHERE true
            ON CONFLICT (tenant) DO UPDATE SET part = 0, place = 0",
    ],
    down: &["DELETE FROM search_term WHERE field = 7"],
}
