//! How the API runs subscriptions: a stream of frames, shared with those who ask the same.

use async_graphql::{Request, Response};
use futures_util::stream::{BoxStream, StreamExt};

use crate::graphql::api::{Api, refused};
use crate::graphql::deduplication::delivery::Delivery;
use crate::graphql::deduplication::request_template::RequestTemplate;
use crate::graphql::deduplication::share::share;
use crate::graphql::field_order::FieldOrder;
use crate::graphql::json::encoded;
use crate::graphql::request::{Frame, RequestContext, SubscriptionStarted};
use crate::graphql::subscription::resumable::LastEvent;
use crate::ids::TenantId;

impl Api {
    /// Runs a subscription. A document or variables that do not fit are the `Err`: there is no
    /// stream then.
    pub async fn subscribe(
        &self,
        mut request: Request,
        context: RequestContext,
    ) -> Result<BoxStream<'static, Frame>, Response> {
        let template = RequestTemplate::of(&mut request, &context);
        let (tenant, stream) = self.start(request, &context).await?;
        let Some(template) = template else {
            return Ok(stream.map(|delivery| delivery.frame).boxed());
        };
        let api = self.clone();
        let replay = move |template: &RequestTemplate, cursor: &str| {
            let (request, context) = template.resumed(cursor);
            let api = api.clone();
            Box::pin(async move { api.start(request, &context).await.map(|(_, stream)| stream) })
                as _
        };
        Ok(share(self.runs.clone(), tenant, template, stream, replay))
    }

    /// One execution of a subscription, for one subscriber.
    async fn start(
        &self,
        mut request: Request,
        context: &RequestContext,
    ) -> Result<(TenantId, BoxStream<'static, Delivery>), Response> {
        let tenant =
            self.rapport.tenant(&context.viewer.tenant).await.map_err(|error| refused(&error))?;
        let (order, repeats) = FieldOrder::of(&mut request);
        let request =
            self.prepare(request, context).await.map_err(|error| refused(&error))?.data(repeats);
        let (started, starts) = SubscriptionStarted::new();
        let last = LastEvent::default();
        let mut stream =
            self.schema.execute_stream(request.data(started).data(last.clone())).boxed();
        let deliver = move |response| delivery(&last, &order.apply(response));
        // A resolver that has its events says so; what is wrong with the request comes before that,
        // and alone.
        let stream = tokio::select! {
            biased;
            first = stream.next() => match first {
                Some(response) if is_refusal(&response) => return Err(response),
                Some(first) => {
                    futures_util::stream::iter([deliver(first)]).chain(stream.map(deliver)).boxed()
                }
                None => futures_util::stream::empty().boxed(),
            },
            Ok(()) = starts => stream.map(deliver).boxed(),
        };
        Ok((tenant, stream))
    }
}

fn is_refusal(response: &Response) -> bool {
    response.data == async_graphql::Value::Null && !response.errors.is_empty()
}

/// The frame of an event's response, with the position that the event left behind.
fn delivery(last: &LastEvent, response: &Response) -> Delivery {
    let body = encoded(response).into();
    match last.take() {
        Some(event) => Delivery {
            frame: Frame { cursor: Some(event.cursor), body },
            position: Some(event.position),
            caught_up: event.caught_up,
        },
        None => Delivery { frame: Frame { cursor: None, body }, position: None, caught_up: false },
    }
}
