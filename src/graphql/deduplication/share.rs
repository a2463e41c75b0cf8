//! What one subscriber gets: its own execution until it has caught up, then a shared one.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt};

use crate::graphql::deduplication::delivery::Delivery;
use crate::graphql::deduplication::frames::Next;
use crate::graphql::deduplication::request_template::RequestTemplate;
use crate::graphql::deduplication::shared_run::SharedRuns;
use crate::graphql::execute::Answer;
use crate::graphql::request::{Frame, Outlet};
use crate::ids::TenantId;

/// An execution of its own for one subscriber, or why there is none.
pub type Replay = Result<BoxStream<'static, Delivery>, Answer>;

/// A subscription's frames: on its own until it has caught up, then shared with those who ask the
/// same. `replay` runs the request again after a cursor, for whoever falls behind. What an outlet takes from a run does not come
/// by the stream.
pub fn share(
    runs: Arc<SharedRuns>,
    tenant: TenantId,
    template: RequestTemplate,
    own: BoxStream<'static, Delivery>,
    outlet: Option<Arc<dyn Outlet>>,
    replay: impl Fn(&RequestTemplate, &str) -> BoxFuture<'static, Replay> + Send + Sync + 'static,
) -> BoxStream<'static, Frame> {
    // What a subscriber needs on its own is let go of when it follows a run.
    let mut alone = Some((Box::new(template), own));
    async_stream::stream! {
        loop {
            let Some((template, mut own)) = alone.take() else { return };
            let mut caught_up = false;
            let following = loop {
                let Some(delivery) = own.next().await else { return };
                caught_up |= delivery.caught_up;
                let (position, cursor) = (delivery.position, delivery.frame.cursor.clone());
                yield delivery.frame;
                let (Some(position), Some(cursor), true) = (position, cursor, caught_up) else { continue };
                let root = position.parts().0.map(|(root, _)| root);
                match runs.follow(template.key(tenant, root), &template, position, own) {
                    Ok((run, number)) => break run.follower(number, cursor, outlet.clone()),
                    Err(back) => own = back,
                }
            };
            drop(template);
            loop {
                match following.next().await {
                    Next::Frame(delivery) => yield delivery.frame.clone(),
                    Next::End => return,
                    Next::Wait => {}
                    Next::Behind => break,
                }
            }
            // Too slow for the frames kept: the log has the rest.
            match replay(following.template(), &following.cursor()).await {
                Ok(own) => alone = Some((Box::new(following.template().clone()), own)),
                Err(answer) => {
                    yield Frame { cursor: None, body: answer.body.into() };
                    return;
                }
            }
        }
    }
    .boxed()
}
