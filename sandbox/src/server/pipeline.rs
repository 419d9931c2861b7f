//! What happens to every request, outermost first: it is read, answered for CORS, identified, put through the fault rules, handled,
//! stamped and logged. Owns this order; leaves each step to its own file.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{DefaultBodyLimit, OriginalUri, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::FutureExt;
use url::form_urlencoded;

use crate::{
    context::{Context, Latency, Shared, Withheld},
    control::{
        self,
        faults::{Act, Call, Place, apply, batch::Plan, wire},
        requests::Draft,
    },
    graph,
    identity::{self, pages},
    recording::{Exchange, Recording},
};

use super::{
    bearer::{self, Bearer, Denied},
    cors::{self, Area},
    errors::{RequestIds, graph_error, not_modelled, stamp},
};

/// More than any documented upload in one request (60 MiB for a fragment of a file).
const LARGEST_BODY: usize = 64 << 20;

/// All routes behind the pipeline.
pub(crate) fn router(context: Shared) -> Router {
    Router::new()
        .route("/", get(home))
        .merge(identity::router())
        .nest("/v1.0", graph::router())
        .nest("/files", graph::file_router())
        .nest("/sandbox", control::router())
        .fallback(unknown)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(context.clone(), handle))
        .with_state(context)
}

async fn home(State(context): State<Shared>) -> Response {
    pages::home(&context.world(), &context.base_url)
}

async fn unknown(OriginalUri(uri): OriginalUri, method: Method) -> Response {
    not_modelled(&method, uri.path())
}

async fn handle(State(context): State<Shared>, request: Request, next: Next) -> Response {
    let context = &context;
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let area = Area::of(&path);
    if let Some(response) = cors::preflight(&parts.method, &path, &parts.headers) {
        if area != Area::Control {
            context.requests.add(Draft::new(context, &parts, &[], None), &response);
        }
        return response;
    }
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return graph_error(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "The request is larger than the sandbox takes.");
    };
    if area == Area::Control {
        let mut response = next.run(Request::from_parts(parts, Body::from(body))).await;
        cors::let_pages_read(&mut response, true);
        return response;
    }
    let identified = (area == Area::Graph).then(|| bearer::check(context, &parts.headers));
    let account = match &identified {
        Some(Ok(bearer)) => bearer.account.clone(),
        Some(Err(_)) => None,
        None if area == Area::Identity => identity::token::account_of(context, &form_urlencoded::parse(&body).into_owned().collect()),
        None => None,
    };
    let draft = Draft::new(context, &parts, &body, account.clone());
    let uri = parts.uri.clone();
    let (act, plan) = {
        let call = Call { method: &parts.method, uri: &uri, account: account.as_deref() };
        let act = context.faults.fire(&call);
        let untouched = act.as_ref().is_some_and(Act::instead_of_handling);
        let plan = if untouched { Plan::default() } else { Plan::of(context, &call, &body) };
        (act, plan)
    };
    let sent = Sent { method: parts.method.clone(), uri: uri.clone(), content_type: content_type(&parts.headers), body: body.clone() };
    let ids = RequestIds::new(&parts.headers);
    let response = match identified {
        Some(identified) => guarded(context, parts, body, identified, (act.as_ref(), &plan), next).await,
        None => instead_or_run(parts, body, act.as_ref(), next).await,
    };
    let response = if plan.is_empty() { response } else { plan.apply(response).await };
    let mut response = match &act {
        Some(act) => apply::after(act, response, &uri, context).await,
        None => response,
    };
    if matches!(area, Area::Graph | Area::Files) {
        response = stamp(response, &ids, context.clock.now()).await;
        if let Some(recording) = &context.recording {
            response = record(recording, &sent, act.is_some() || !plan.is_empty(), response).await;
        }
        cors::let_pages_read(&mut response, context.switches().expose_retry_after);
    }
    if area == Area::Identity && act.as_ref().is_some_and(Act::instead_of_handling) && cors::pages_read(&path) {
        // The handler, which decides in the ordinary case, was not asked.
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    if let Ok(date) = HeaderValue::from_str(&context.clock.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
        // A rule may have set another one.
        response.headers_mut().entry(header::DATE).or_insert(date);
    }
    if let Some(act) = &act {
        response = wire::send(act, response).await;
    }
    context.requests.add(draft, &response);
    if act.is_some_and(|act| act.hang == Some(Place::BeforeResponse)) {
        // Until the client gives up, which ends this future.
        std::future::pending::<()>().await;
    }
    response
}

/// Graph: the token, then the fault or the handler.
async fn guarded(
    context: &Context,
    mut parts: Parts,
    body: Bytes,
    mut identified: Result<Bearer, Denied>,
    (act, plan): (Option<&Act>, &Plan),
    next: Next,
) -> Response {
    if parts.uri.path().starts_with("/beta") {
        return not_modelled(&parts.method, parts.uri.path());
    }
    if act.is_some_and(|act| act.revoke_tokens) {
        if let Some(user_id) = identified.ok().and_then(|bearer| bearer.caller.user_id) {
            context.identity().revoke(&user_id, context.clock.now());
        }
        identified = bearer::check(context, &parts.headers);
    }
    let bearer = match identified {
        Ok(bearer) => bearer,
        Err(denied) => return denied.into_response(context),
    };
    if let Some(challenge) = act.and_then(Act::challenge).filter(|challenge| !bearer.meets(challenge)) {
        let denied = if bearer.cp1 { Denied::Challenge(challenge) } else { Denied::Invalid("Access token validation failure.") };
        return denied.into_response(context);
    }
    if act.is_some_and(|act| act.expire_tokens) && parts.uri.query().is_some_and(|query| query.contains("token=")) {
        if !parts.uri.path().to_ascii_lowercase().contains("/delta") {
            // The code and the words that the directory has for it, from memory.
            let message = "The specified page token value has expired and can no longer be included in your request.";
            return graph_error(StatusCode::BAD_REQUEST, "Directory_ExpiredPageToken", message);
        }
        context.world().snapshots = Default::default();
    }
    parts.extensions.insert(bearer.caller);
    parts.extensions.insert(Withheld(plan.withheld()));
    if !act.is_some_and(Act::instead_of_handling) {
        // The handler waits, so that the request counts against its mailbox's limit meanwhile, as slow ones do in life.
        let ordered = Duration::from_millis(act.map_or(0, |act| act.delay_ms));
        parts.extensions.insert(Latency(ordered.max(plan.latency())));
        return run(parts, body, next).await;
    }
    instead_or_run(parts, body, act, next).await
}

/// The fault's delay, then its answer or the handler's.
async fn instead_or_run(parts: Parts, body: Bytes, act: Option<&Act>, next: Next) -> Response {
    if let Some(delay) = act.map(|act| act.delay_ms).filter(|delay| *delay > 0) {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    if act.is_some_and(Act::instead_of_handling) {
        return StatusCode::OK.into_response();
    }
    run(parts, body, next).await
}

async fn run(parts: Parts, body: Bytes, next: Next) -> Response {
    // A handler that panics is a mistake of the sandbox's, and says so in an answer instead of a connection that ends.
    AssertUnwindSafe(next.run(Request::from_parts(parts, Body::from(body)))).catch_unwind().await.unwrap_or_else(|_| {
        graph_error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "The sandbox failed; its terminal says where.")
    })
}

/// A Graph request as it came, for the recording.
struct Sent {
    method: Method,
    uri: Uri,
    content_type: String,
    body: Bytes,
}

/// Adds an exchange to the recording. One that cannot be recorded is not answered either: whoever reads the file takes it for whole.
async fn record(recording: &Recording, sent: &Sent, faulty: bool, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(answer) = to_bytes(body, usize::MAX).await else { return Response::from_parts(parts, Body::empty()) };
    let exchange = Exchange {
        source: "",
        method: sent.method.as_str(),
        target: sent.uri.path_and_query().map_or(sent.uri.path(), |target| target.as_str()),
        content_type: &sent.content_type,
        request: &sent.body,
        status: parts.status.as_u16(),
        answer_type: &content_type(&parts.headers),
        answer: &answer,
        faulty,
    };
    match recording.add(&exchange) {
        Ok(()) => Response::from_parts(parts, Body::from(answer)),
        Err(error) => {
            graph_error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &format!("The recording cannot be written ({error})."))
        }
    }
}

fn content_type(headers: &HeaderMap) -> String {
    headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned()
}
