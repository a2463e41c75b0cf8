//! How the API runs subscriptions: a stream of frames, shared with those who ask the same.

use std::sync::Arc;

use futures_util::stream::{BoxStream, StreamExt};

use crate::graphql::api::Api;
use crate::graphql::deduplication::delivery::Delivery;
use crate::graphql::deduplication::request_template::RequestTemplate;
use crate::graphql::deduplication::share::share;
use crate::graphql::execute::{Answer, Delivered, refused};
use crate::graphql::fault::Fault;
use crate::graphql::operation::Request;
use crate::graphql::request::{Frame, Outlet, RequestContext, Transported};

impl Api {
    /// Runs a subscription. What is wrong with it is the `Err`: there is no stream then. What the outlet takes does not come by the
    /// stream.
    pub async fn subscribe(
        &self,
        request: Request,
        context: RequestContext,
        transported: Transported,
        outlet: Option<Arc<dyn Outlet>>,
    ) -> Result<BoxStream<'static, Frame>, Answer> {
        let tenant = self
            .rapport
            .tenant(&context.viewer.tenant)
            .await
            .map_err(|error| refused(&Fault::from(error)))?;
        let template = RequestTemplate { request, context, transported };
        let stream = self.start(&template).await?;
        let api = self.clone();
        let replay = move |template: &RequestTemplate, cursor: &str| {
            let (api, template) = (api.clone(), template.resumed(cursor));
            Box::pin(async move { api.start(&template).await }) as _
        };
        Ok(share(self.runs.clone(), tenant, template, stream, outlet, replay))
    }

    /// One execution of a subscription, for one subscriber.
    async fn start(
        &self,
        template: &RequestTemplate,
    ) -> Result<BoxStream<'static, Delivery>, Answer> {
        let data = self
            .data(&template.context, template.transported.clone())
            .await
            .map_err(|error| refused(&Fault::from(error)))?;
        let stream = self.engine.subscribe(&template.request, data).await?;
        Ok(stream.map(delivery).boxed())
    }
}

/// The frame of an event, with its position.
fn delivery(Delivered { position, answer }: Delivered) -> Delivery {
    let body = answer.body.into();
    match position {
        Some(event) => Delivery {
            frame: Frame { cursor: Some(event.cursor), body },
            position: event.position,
            caught_up: event.caught_up,
        },
        None => Delivery { frame: Frame { cursor: None, body }, position: None, caught_up: false },
    }
}
