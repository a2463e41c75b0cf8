//! The engine: the documents of a schema, and the roots that answer them.

use std::sync::Arc;

use futures_util::stream::{BoxStream, StreamExt};

use crate::error::Code;
use crate::graphql::document::RequestError;
use crate::graphql::execute::answer::{Answer, FieldError, Segment};
use crate::graphql::execute::event::Streams;
use crate::graphql::execute::field_context::FieldContext;
use crate::graphql::execute::shared::Run;
use crate::graphql::execute::walk::Root;
use crate::graphql::fault::Fault;
use crate::graphql::operation::{Documents, OperationKind, Request};
use crate::graphql::request::{EventPosition, RequestData};
use crate::request_notes::carried;

/// A schema that runs operations.
pub struct Engine {
    documents: Documents,
    query: Arc<dyn Root>,
    mutation: Arc<dyn Root>,
    subscription: Arc<dyn Streams>,
}

/// One event of a subscription, encoded.
pub struct Delivered {
    pub position: Option<EventPosition>,
    pub answer: Answer,
}

impl Engine {
    pub fn new(
        documents: Documents,
        query: impl Root + 'static,
        mutation: impl Root + 'static,
        subscription: impl Streams + 'static,
    ) -> Self {
        Engine {
            documents,
            query: Arc::new(query),
            mutation: Arc::new(mutation),
            subscription: Arc::new(subscription),
        }
    }

    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// What a run of this request shares.
    pub fn run(&self, request: Request, data: RequestData) -> Result<Arc<Run>, Answer> {
        let schema = self.documents.schema();
        let plan = request.document.plan(schema, request.number(), &request.variables);
        let plan = plan.ok_or_else(|| {
            let message = "the document asks for too many different things";
            Answer::refused(&[RequestError::new(Code::DocumentTooComplex, message)])
        })?;
        let begin = match request.operation().kind {
            OperationKind::Mutation => Run::once,
            OperationKind::Query | OperationKind::Subscription => Run::new,
        };
        Ok(Arc::new(begin(schema, plan, request.variables, data)))
    }

    /// Runs a query or mutation. A mutation runs to its end, also when the caller goes away: a
    /// transaction that is dropped half-way would leave its connection unusable.
    pub async fn execute(&self, request: Request, data: RequestData) -> Answer {
        let kind = request.operation().kind;
        let run = match self.run(request, data) {
            Ok(run) => run,
            Err(refused) => return refused,
        };
        match kind {
            OperationKind::Query => run.query(&*self.query).await,
            OperationKind::Mutation => {
                let root = self.mutation.clone();
                let work = carried(async move { run.mutation(&*root).await });
                match tokio::spawn(work).await {
                    Ok(answer) => answer,
                    Err(error) => {
                        tracing::error!(%error, "a mutation broke off");
                        refused(&Fault::new(Code::Internal, "something went wrong on our side"))
                    }
                }
            }
            OperationKind::Subscription => {
                refused(&Fault::new(Code::BadRequest, "a subscription is a stream of answers"))
            }
        }
    }

    /// Runs a subscription. What is wrong with it is the `Err`: there is no stream then.
    pub async fn subscribe(
        &self,
        request: &Request,
        data: RequestData,
    ) -> Result<BoxStream<'static, Delivered>, Answer> {
        let run = self.run(request.clone(), data)?;
        let shape = &run.plan.shapes[run.plan.root];
        let Some(slot) = shape.slots.first() else {
            return Ok(futures_util::stream::empty().boxed());
        };
        let context = FieldContext::new(run.clone(), slot);
        let events = self.subscription.stream(context).await.map_err(|fault| {
            fault.log();
            let error = RequestError::new(fault.code(), fault.message());
            Answer::refused(&[error.at(slot.locations.clone())])
        })?;
        let delivered = move |event: Result<crate::graphql::execute::Event, Fault>| {
            let run = run.clone();
            async move {
                match event {
                    Ok(event) => Delivered {
                        answer: run.event(|walk, slot| event.write(walk, slot)).await,
                        position: event.position,
                    },
                    Err(fault) => Delivered { answer: run.failed(&fault), position: None },
                }
            }
        };
        Ok(events.then(delivered).boxed())
    }
}

impl Run {
    /// The answer in which the root field failed.
    fn failed(&self, fault: &Fault) -> Answer {
        let slots = &self.plan.shapes[self.plan.root].slots;
        let path: Vec<Segment<'_>> = slots.iter().take(1).map(Segment::Key).collect();
        Answer::ran(b"{\"data\":null".to_vec(), true, vec![FieldError::of(fault, &path)])
    }
}

/// The answer to a request that failed before anything ran.
pub fn refused(fault: &Fault) -> Answer {
    fault.log();
    Answer::refused(&[RequestError::new(fault.code(), fault.message())])
}
