//! How a client is set up from JavaScript. Owns the members of `ClientOptions` and the words about wrong ones; leaves building the client
//! to the library's one constructor.

use std::rc::Rc;

use convoke::{
    browser::intl,
    client::{ClientOptions, LocalBoxFuture, TokenRequest, TokenSource},
    session::Session,
};
use convoke_core::{
    Error, ErrorCode,
    auth::{Feature, Secret},
    graph::{HostList, Mailbox},
};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::{
    arguments::{Arguments, invalid},
    boundary::host_error,
};

/// Graph's own limit per mailbox is 4; more only helps against other services.
const MOST_AT_ONCE: u32 = 64;
const MOST_RETRIES: u32 = 100;

/// Reads the options. `base_url` is the default one, `hosts` are those that the session's configuration allows beside it.
pub(crate) fn read(arguments: &Arguments, token: TokenSource, base_url: &str) -> Result<ClientOptions, Error> {
    let base_url = arguments.optional_text("baseUrl")?.unwrap_or(base_url);
    HostList::new(base_url, &[]).map_err(|_| wrong("baseUrl", "must be Graph's https address without a version, or one on loopback"))?;
    let mut options = ClientOptions::new(base_url, token);
    options.hosts = arguments.texts("allowedHosts")?.unwrap_or_default();
    if HostList::new(base_url, &options.hosts).is_err() {
        return Err(wrong("allowedHosts", "must list names of hosts alone, such as graph.example.com, or http addresses on loopback"));
    }
    options.mailbox = match arguments.optional_text("mailbox")? {
        None | Some("me") => Mailbox::Me,
        Some(user) => Mailbox::User(user.to_owned()),
    };
    options.time_zone = Some(arguments.optional_text("timeZone")?.map_or_else(intl::own_zone, str::to_owned));
    if let Some(width) = arguments.count("maxConcurrency", 1, MOST_AT_ONCE)? {
        options.max_concurrency = width as usize;
    }
    if let Some(limit) = arguments.count("timeoutMs", 1, i32::MAX as u32)? {
        options.timeout_ms = limit;
    }
    if let Some(retries) = arguments.count("maxRetries", 0, MOST_RETRIES)? {
        options.max_retries = retries;
    }
    Ok(options)
}

/// `features`, if they are there.
pub(crate) fn features(given: &Arguments) -> Result<Option<Vec<Feature>>, Error> {
    let Some(names) = given.texts("features")? else { return Ok(None) };
    let read = |name: &String| {
        Feature::from_name(name).ok_or_else(|| invalid("features", &["holds \"", name, "\", which is no feature"].concat()))
    };
    names.iter().map(read).collect::<Result<_, _>>().map(Some)
}

fn wrong(name: &str, problem: &str) -> Error {
    Error::new(ErrorCode::Configuration, ["`", name, "` ", problem, "."].concat())
}

/// Tokens from a session of ours.
pub(crate) fn of_session(session: Session) -> TokenSource {
    Rc::new(move |wanted: TokenRequest| -> LocalBoxFuture<Result<Secret, Error>> {
        Box::pin(crate::session::token_for(session.clone(), wanted))
    })
}

/// Tokens from the host's own function.
pub(crate) fn of_provider(provider: Function) -> TokenSource {
    Rc::new(move |wanted: TokenRequest| -> LocalBoxFuture<Result<Secret, Error>> {
        let provider = provider.clone();
        Box::pin(async move {
            let request = Object::new();
            let set = |name: &str, value: &JsValue| {
                // An object of our own takes any member.
                let _ = Reflect::set(&request, &name.into(), value);
            };
            set("scopes", &wanted.scopes.iter().map(|scope| JsValue::from_str(scope)).collect::<Array>());
            if let Some(claims) = &wanted.claims {
                set("claims", &claims.into());
            }
            set("reason", &if wanted.rejected.is_some() { "rejected" } else { "needed" }.into());
            let given = provider.call1(&JsValue::UNDEFINED, &request).map_err(|thrown| host_error(&thrown))?;
            let token = JsFuture::from(Promise::resolve(&given)).await.map_err(|thrown| host_error(&thrown))?;
            match token.as_string().filter(|token| !token.is_empty() && token.is_ascii()) {
                Some(token) => Ok(Secret::new(token)),
                None => Err(Error::new(ErrorCode::Configuration, "`tokenProvider` did not resolve with the text of an access token.")),
            }
        })
    })
}
