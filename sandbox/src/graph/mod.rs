//! Microsoft Graph v1.0 as far as the sandbox models it. Owns reading requests, routing, answers; leaves bearer validation and CORS to the
//! server, and what an operation does to stored things to `world`.

mod access;
mod batch;
mod calendar_view;
mod calendars;
mod concurrency;
mod contact_folders;
mod contacts;
pub mod control;
mod delta;
mod drive;
mod error;
mod events;
mod groups;
mod input;
mod mail;
mod odata;
mod outlook;
mod people;
mod photo;
mod places;
mod reply;
mod request;
mod routes;
mod schedule;
mod scopes;
mod settings;
mod suggestions;
mod text;
mod users;

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::State,
    http::Request,
    response::{IntoResponse, Response},
    routing::any,
};

pub use self::drive::transfer::file_router;
use self::{
    concurrency::Place,
    error::Error,
    reply::Reply,
    request::{Call, Head},
};
use crate::{
    context::{Caller, Latency, Shared, Withheld},
    world::World,
};

/// The largest body that is read: a part of an upload may have 60 MiB.
const MAX_BODY: usize = 61 * 1024 * 1024;

/// Routes below `/v1.0`. Expects the valid token's `Caller` as a request extension.
pub fn router() -> Router<Shared> {
    // OData's addresses (functions with arguments, `root:/path:`) do not fit a router of patterns; `routes` takes them apart.
    Router::new().route("/{*path}", any(handle))
}

async fn handle(State(context): State<Shared>, Extension(caller): Extension<Caller>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Latency(ordered) = parts.extensions.get().copied().unwrap_or_default();
    let Withheld(withheld) = parts.extensions.get().cloned().unwrap_or_default();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return Error::new(413, "RequestEntityTooLarge", "The request is larger than the server accepts.")
            .reply(context.clock.now())
            .into_response();
    };
    let head = Head { method: parts.method, path: parts.uri.path().to_owned(), query: parts.uri.query().unwrap_or_default().to_owned() };
    let mut call = Call::new(&caller, context.clock.now(), &context.base_url, head, parts.headers, body.to_vec());
    call.withheld = withheld;
    let reply = match Place::take(&context, &call) {
        // Waiting happens in the mailbox's place, so that slow requests count against its limit, as in life.
        Ok(place) => {
            let latency = place.latency.max(ordered);
            if !latency.is_zero() {
                tokio::time::sleep(latency).await;
            }
            answer(&mut context.world(), &call)
        }
        Err(error) => error.reply(call.now),
    };
    reply.into_response()
}

/// Serves one request, alone or as a part of a batch.
fn answer(world: &mut World, call: &Call<'_>) -> Reply {
    let reply = routes::dispatch(world, call).unwrap_or_else(|error| error.reply(call.now));
    reply.finish(call)
}
