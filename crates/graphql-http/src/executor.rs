//! The same guards for transports that bring a request of async-graphql with its data: WebSockets, other code in the
//! process.

use std::{panic::AssertUnwindSafe, sync::Arc};

use async_graphql::{Data, Executor, Request, Response};
use futures_util::{
    FutureExt, StreamExt,
    stream::{self, BoxStream},
};
use http::HeaderMap;

use crate::{
    admission::{Aside, report},
    gql::{Gql, Ready},
    masking,
    outcome::Outcome,
    refusal::Refusal,
    request_id::RequestId,
    subscribe::{Followed, Subscription},
};

/// [`RequestData`](crate::RequestData) is not asked, because there is no HTTP request to show it: the transport puts the
/// data into the request, and decides before who may send it. Nothing is restricted here and nothing counted
/// ([`allows`](crate::RequestData::allows), [`admit`](crate::RequestData::admit)). `InContext` and a request id are added here.
impl Executor for Gql {
    async fn execute(&self, request: Request) -> Response {
        let request_id = RequestId::of(&HeaderMap::new());
        let outcome = self.execute_once(request, &request_id).await.unwrap_or_else(|mut refusal| {
            refusal.truncate(self.limits().errors);
            Outcome::Refused(refusal)
        });
        outcome.into_response()
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let gql = self.clone();
        let start = async move {
            match gql.execute_many(request, session.unwrap_or_default()).await {
                Ok(responses) => responses,
                Err(refusal) => {
                    stream::once(std::future::ready(Outcome::Refused(refusal).into_response())).boxed()
                }
            }
        };
        stream::once(start).flatten().boxed()
    }
}

impl Gql {
    async fn execute_once(&self, request: Request, request_id: &RequestId) -> Result<Outcome, Refusal> {
        let document = self.inner.own_document(&request.query).await?;
        let operation = document.operation(request.operation_name.as_deref())?;
        let ready = self.inner.ready(operation, request.variables.clone())?;
        let cost = report(self.limits(), ready.cost, None);
        let request = merge(request, ready, request_id);
        let execution = AssertUnwindSafe(self.inner.schemas.executor.execute(request)).catch_unwind();
        let mut outcome = match execution.await {
            Ok(response) => self.inner.finish(response, operation, request_id),
            Err(_) => Outcome::Refused(masking::fault_answer(request_id)),
        };
        outcome.tell(Aside { cost, ..Aside::default() });
        Ok(outcome)
    }

    async fn execute_many(
        &self,
        request: Request,
        session: Arc<Data>,
    ) -> Result<BoxStream<'static, Response>, Refusal> {
        let request_id = RequestId::of(&HeaderMap::new());
        let document = self.inner.own_document(&request.query).await?;
        let operation = document.operation(request.operation_name.as_deref())?;
        let ready = self.inner.ready_any(operation, request.variables.clone())?;
        let cost = ready.cost;
        let name = request.operation_name.clone();
        let request = merge(request, ready, &request_id);
        let followed = Followed::unreported(&self.inner, &document, name.as_deref(), &request_id, cost);
        Ok(Subscription::new(followed, request, session).map(Outcome::into_response).boxed())
    }
}

/// The prepared request with the data and uploads that came with the original.
fn merge(original: Request, ready: Ready, request_id: &RequestId) -> Request {
    let Ready { mut request, in_context, .. } = ready;
    request.data = original.data;
    request.uploads = original.uploads;
    request.extensions = original.extensions;
    request.introspection_mode = original.introspection_mode;
    request.data(in_context).data(request_id.clone())
}
