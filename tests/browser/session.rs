//! The session in a real browser: address bar, storage, WebCrypto, IndexedDB. What is decided, and when, is tested natively in the core.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use convoke::{
    browser::{
        config, crypto, fetch,
        storage::{self, Kept, Slot},
        vault,
    },
    session::{Note, Phase, Session, TokenRequest},
};
use convoke_core::{
    ErrorCode,
    auth::{Answer, Secret, SignIn, Transport, protocol},
    config::{AppConfig, Found, SessionConfig},
};
use http::{Method, Request, Response};
use js_sys::{Function, Promise};
use serde_json::{Value, json};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc, time::Duration};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use wasm_bindgen_test::wasm_bindgen_test;

const CLIENT: &str = "11111111-2222-3333-4444-555555555555";
const TENANT: &str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const LOGIN: &str = "https://login.microsoftonline.com";

fn run_js(source: &str) -> JsValue {
    Function::new_no_args(source).call0(&JsValue::UNDEFINED).unwrap()
}

fn stored(name: &str) -> Option<String> {
    web_sys::window().unwrap().session_storage().unwrap().unwrap().get_item(name).unwrap()
}

fn address() -> String {
    web_sys::window().unwrap().location().href().unwrap()
}

fn set_address(rest: &str) {
    let history = web_sys::window().unwrap().history().unwrap();
    history.replace_state_with_url(&JsValue::NULL, "", Some(rest)).unwrap();
}

/// Makes every write to storage fail until it is dropped, as a full or disabled one does.
struct FullStorage;

impl FullStorage {
    fn new() -> Self {
        run_js(
            "globalThis.realSetItem ??= Storage.prototype.setItem; Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        );
        Self
    }
}

impl Drop for FullStorage {
    fn drop(&mut self) {
        run_js("Storage.prototype.setItem = globalThis.realSetItem");
    }
}

fn app() -> Rc<AppConfig> {
    app_of(CLIENT)
}

/// Another application's sessions are not asked for tokens: what earlier tests left alive in this page does not take part.
fn app_of(client: &str) -> Rc<AppConfig> {
    match AppConfig::parse(&json!({ "clientId": client })).unwrap() {
        Found::Complete(config) => Rc::new(config),
        Found::WithoutClientId(_) => panic!("the fixture names a client"),
    }
}

/// What the token endpoint answers: the code's or the refresh token's nonce decides nothing here, the id token's does.
fn tokens(access: &str, nonce: &str) -> Value {
    let now = js_sys::Date::now() / 1000.0;
    let claims = json!({
        "iss": format!("{LOGIN}/{TENANT}/v2.0"), "aud": CLIENT, "iat": now, "exp": now + 3600.0, "nonce": nonce, "tid": TENANT,
        "oid": "00000000-0000-0000-0000-000000000001", "sub": "s", "name": "Adele Vance", "preferred_username": "adelev@contoso.com",
    });
    let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let id_token = [part(json!({ "alg": "RS256" })), part(claims), "c2ln".to_owned()].join(".");
    json!({
        "token_type": "Bearer", "access_token": access, "refresh_token": "a-refresh-token", "expires_in": 3600,
        "scope": "openid profile User.Read Calendars.Read", "id_token": id_token,
    })
}

type Sent = Rc<RefCell<Vec<BTreeMap<String, String>>>>;

/// A provider that answers each POST with the next body, and what was posted to it.
fn provider(bodies: Vec<Value>) -> (Transport, Sent) {
    let (sent, bodies) = (Sent::default(), Rc::new(RefCell::new(bodies.into_iter())));
    let kept = Rc::clone(&sent);
    let transport: Transport = Rc::new(move |request: Request<Vec<u8>>| {
        assert_eq!(request.method(), Method::POST, "{}", request.uri());
        let form = oauth2::url::form_urlencoded::parse(request.body()).into_owned().collect();
        kept.borrow_mut().push(form);
        let body = bodies.borrow_mut().next().unwrap();
        Box::pin(async move {
            // As a network does, it answers later.
            fetch::sleep(Duration::from_millis(5)).await;
            Ok(Response::builder().header("content-type", "application/json").body(body.to_string().into_bytes()).unwrap())
        })
    });
    (transport, sent)
}

/// Leaves for the sign-in page and comes back with a code, without the page going anywhere: the request is in storage, the answer in the
/// address. Gives the nonce that was sent.
fn come_back(config: &SessionConfig) -> String {
    let document = json!({
        "issuer": format!("{LOGIN}/{{tenantid}}/v2.0"),
        "authorization_endpoint": format!("{LOGIN}/organizations/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{LOGIN}/organizations/oauth2/v2.0/token"),
    });
    let metadata = config.authority.metadata(&document).unwrap();
    let request = SignIn { state: Some("#/assistant".into()), ..SignIn::default() };
    let start = protocol::Start {
        wall_ms: js_sys::Date::now(),
        page: "http://localhost/?view=week#/assistant".into(),
        chance: [(); 4].map(|()| crypto::random().unwrap()),
    };
    let departure = protocol::depart(config, &metadata, "https://app.example/", request, &start).unwrap();
    assert_eq!(storage::keep(Slot::Pending, &departure.pending.to_json(config)), Kept::ForTab);
    let url = oauth2::url::Url::parse(&departure.url).unwrap();
    let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    set_address(&["?view=week#code=the-code&session_state=x&state=", &query["state"]].concat());
    query["nonce"].clone()
}

async fn signed_in(further: Vec<Value>) -> (Session, Sent) {
    let config = app();
    let nonce = come_back(&config.session);
    let (transport, sent) = provider([vec![tokens("first", &nonce)], further].concat());
    let session = Session::new(config, transport);
    let start = session.start(Session::take_answer()).await;
    assert_eq!(start.error, None);
    assert_eq!(start.account.unwrap().name.as_deref(), Some("Adele Vance"));
    assert_eq!(start.state.as_deref(), Some("#/assistant"));
    (session, sent)
}

/// Encrypting and storing goes on beside the program.
async fn until_stored() {
    for _ in 0..100 {
        if stored("convoke.session").is_some() {
            return;
        }
        fetch::sleep(Duration::from_millis(10)).await;
    }
    panic!("the session was not stored");
}

fn clear() {
    for slot in [Slot::Page, Slot::Pending, Slot::Session] {
        storage::remove(slot);
    }
    set_address("/");
}

#[wasm_bindgen_test]
fn the_answer_leaves_the_address_bar_at_once() {
    let history = web_sys::window().unwrap().history().unwrap();
    let before = history.length().unwrap();
    set_address("/?view=week#code=c&state=s");
    let answer: Answer = Session::take_answer().unwrap();
    assert_eq!(answer.state, Some(Secret::new("s")));
    assert!(address().ends_with("/?view=week"), "{}", address());
    assert_eq!(history.length().unwrap(), before, "going back does not bring it back");
    assert_eq!(Session::take_answer(), None);

    set_address("/#access_token=t&token_type=bearer");
    assert_eq!(Session::take_answer(), None);
    assert!(!address().contains("access_token"));
    set_address("/#/calendar");
    assert_eq!(Session::take_answer(), None);
    assert!(address().ends_with("/#/calendar"));
    clear();
}

#[wasm_bindgen_test]
fn the_redirect_uri_holds_neither_query_nor_hash() {
    set_address("/");
    let own = |config| Session::new(config, fetch::transport()).redirect_uri();
    let plain = own(app());
    set_address("/?view=week&redirect_uri=https://evil.example#/calendar");
    assert_eq!(own(app()), plain);
    assert!(plain.ends_with('/') && !plain.contains(['?', '#']), "{plain}");
    clear();
}

#[wasm_bindgen_test]
fn storage_falls_back_to_memory() {
    assert_eq!(storage::keep(Slot::Page, &json!({ "a": 1 })), Kept::ForTab);
    assert_eq!(stored("convoke.page").as_deref(), Some("{\"a\":1}"));
    {
        let _full = FullStorage::new();
        assert_eq!(storage::keep(Slot::Page, &json!({ "a": 2 })), Kept::ForPage);
        assert_eq!(stored("convoke.page"), None, "no older value is left behind");
        assert_eq!(storage::read_json(Slot::Page), Some(json!({ "a": 2 })));
    }
    storage::remove(Slot::Page);
    assert_eq!(storage::read_json(Slot::Page), None);
    run_js("sessionStorage.setItem('convoke.page', '{broken')");
    assert_eq!(storage::read_json(Slot::Page), None);
    clear();
}

#[wasm_bindgen_test]
async fn the_vault_opens_only_for_whom_it_was_closed() {
    let secret = json!({ "refresh": "geheim" });
    vault::save(&secret, "mine", || true).await.unwrap();
    let first = stored("convoke.session").unwrap();
    assert!(!first.contains("geheim"));
    // The key comes from the database each time, as after a reload.
    assert_eq!(vault::load("mine").await, Some(secret.clone()));
    assert_eq!(vault::load("another").await, None);

    vault::save(&secret, "mine", || true).await.unwrap();
    assert_ne!(stored("convoke.session").unwrap(), first, "a nonce is used once");

    vault::save(&json!("late"), "mine", || false).await.unwrap();
    assert_eq!(vault::load("mine").await, Some(secret.clone()), "what nobody wants any more is not written");

    storage::write_json(Slot::Session, &json!({ "v": 1, "sealed": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }));
    assert_eq!(vault::load("mine").await, None);
    vault::erase();
    assert_eq!(stored("convoke.session"), None);

    let _full = FullStorage::new();
    assert!(vault::save(&secret, "mine", || true).await.is_err());
    assert_eq!(vault::load("mine").await, None, "no refresh token lies about in clear");
    clear();
}

#[wasm_bindgen_test]
async fn keys_cannot_be_read() {
    assert_eq!(crypto::missing(), None);
    let key = crypto::generate().await.unwrap();
    assert!(!key.extractable());
    let sealed = crypto::seal(&key, b"plain", "context").await.unwrap();
    assert_eq!(crypto::open(&key, &sealed, "context").await.unwrap(), b"plain");
    assert!(crypto::open(&key, &sealed[..8], "context").await.is_err());
    let other = crypto::generate().await.unwrap();
    assert!(crypto::open(&other, &sealed, "context").await.is_err());
}

#[wasm_bindgen_test]
async fn configuration_comes_from_a_plain_object_or_from_beside_the_page() {
    let set = |expression: &str| run_js(&["globalThis.CONVOKE_CONFIG = ", expression].concat());
    set(&["{ clientId: '", CLIENT, "', theme: 'dark', later: undefined }"].concat());
    assert!(matches!(config::load().await, Ok(Found::Complete(config)) if config.session.client_id == CLIENT));
    set("{ clientId: 'no' }");
    assert_eq!(config::load().await.unwrap_err().code(), ErrorCode::Configuration);
    set("(() => { const a = {}; a.a = a; return a })()");
    assert!(config::load().await.unwrap_err().message().contains("CONVOKE_CONFIG"));
    // None of these is configuration, and the test's server has no config.json.
    for other in ["document.createElement('div')", "new (class { clientId = 'x' })()", "[{ clientId: 'x' }]", "'x'", "null", "() => ({})"] {
        set(other);
        assert!(matches!(config::load().await, Ok(Found::WithoutClientId(_))), "{other}");
    }
    run_js("delete globalThis.CONVOKE_CONFIG");
}

#[wasm_bindgen_test]
async fn a_redirect_signs_in_once_and_a_reload_restores() {
    clear();
    let (session, sent) = signed_in(Vec::new()).await;
    assert!(address().ends_with("/?view=week#/assistant"), "where the person was: {}", address());
    assert_eq!(stored("convoke.pending"), None);
    assert_eq!((session.phase(), session.granted().len()), (Phase::SignedIn, 4));
    assert_eq!(sent.borrow().len(), 1);
    assert_eq!(sent.borrow()[0]["code"], "the-code");
    assert_eq!(session.token(TokenRequest::default()).await.unwrap(), Secret::new("first"));
    until_stored().await;
    let everything = run_js("return JSON.stringify(sessionStorage) + JSON.stringify(localStorage)").as_string().unwrap();
    assert!(!everything.contains("first") && !everything.contains("a-refresh-token"), "{everything}");

    // The same page is loaded again: the code is gone, the session is not.
    let (transport, sent) = provider(vec![tokens("second", "any")]);
    let reloaded = Session::new(app(), transport);
    let start = reloaded.start(Session::take_answer()).await;
    assert_eq!((start.error, start.note), (None, None));
    assert_eq!(start.account.unwrap().username, "adelev@contoso.com");
    assert_eq!(sent.borrow()[0]["refresh_token"], "a-refresh-token");
    assert_eq!(reloaded.token(TokenRequest::default()).await.unwrap(), Secret::new("second"));
    clear();
}

#[wasm_bindgen_test]
async fn an_answer_nobody_asked_for_posts_nothing() {
    clear();
    set_address("/#code=stolen&state=s");
    let (transport, sent) = provider(Vec::new());
    let session = Session::new(app(), transport);
    let start = session.start(Session::take_answer()).await;
    assert_eq!((start.account, start.error, start.note), (None, None, Some(Note::Stray)));
    assert!(sent.borrow().is_empty());

    come_back(&session.config().session);
    set_address("/#code=stolen&state=forged");
    let (transport, sent) = provider(Vec::new());
    let start = Session::new(app(), transport).start(Session::take_answer()).await;
    assert_eq!(start.error.unwrap().code(), ErrorCode::StateMismatch);
    assert!(sent.borrow().is_empty() && stored("convoke.pending").is_none());
    clear();
}

#[wasm_bindgen_test]
async fn callers_of_one_moment_share_one_refresh() {
    clear();
    let (session, sent) = signed_in(vec![tokens("second", "any")]).await;
    let rejected = Secret::new("first");
    let calls = js_sys::Array::new();
    for _ in 0..5 {
        let (session, rejected) = (session.clone(), rejected.clone());
        calls.push(&future_to_promise(async move {
            let request = TokenRequest { rejected: Some(&rejected), ..TokenRequest::default() };
            Ok(session.token(request).await.unwrap().expose().into())
        }));
    }
    let given: Vec<String> = JsFuture::from(Promise::all(&calls))
        .await
        .unwrap()
        .unchecked_into::<js_sys::Array>()
        .iter()
        .map(|token| token.as_string().unwrap())
        .collect();
    assert_eq!(given, ["second"; 5]);
    assert_eq!(sent.borrow().len(), 2, "one code, one refresh");
    clear();
}

#[wasm_bindgen_test]
async fn a_missing_permission_is_named_and_the_rest_goes_on() {
    clear();
    let (session, _) = signed_in(vec![tokens("second", "any")]).await;
    let wanted = ["Place.Read.All".to_owned()];
    let request = || TokenRequest { scopes: &wanted, ..TokenRequest::default() };
    for _ in 0..2 {
        let error = session.token(request()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::AdminConsentRequired);
        assert!(error.message().contains("Place.Read.All"));
    }
    assert!(session.token(TokenRequest::default()).await.is_ok());
    clear();
}

#[wasm_bindgen_test]
async fn signing_out_leaves_nothing_behind() {
    clear();
    let (session, _) = signed_in(Vec::new()).await;
    // At once, while the session may still be on its way into storage. This provider has no sign-out page, so the page stays.
    session.sign_out(None, false).await.unwrap();
    fetch::sleep(Duration::from_millis(200)).await;
    assert_eq!((stored("convoke.session"), stored("convoke.pending")), (None, None));
    assert_eq!((session.phase(), session.account()), (Phase::SignedOut, None));
    assert_eq!(session.token(TokenRequest::default()).await.unwrap_err().code(), ErrorCode::InteractionRequired);
    clear();
}

#[wasm_bindgen_test]
async fn coming_back_without_an_answer_is_noticed() {
    clear();
    come_back(&app().session);
    set_address("/");
    let (transport, _) = provider(Vec::new());
    let start = Session::new(app(), transport).start(Session::take_answer()).await;
    assert_eq!((start.note, start.state.as_deref()), (Some(Note::Unanswered), Some("#/assistant")));
    assert_eq!(stored("convoke.pending"), None);
    clear();
}

#[wasm_bindgen_test]
async fn a_sign_in_that_could_not_be_finished_by_the_page_is_not_begun_by_it() {
    clear();
    let (transport, sent) = provider(Vec::new());
    let session = Session::new(app_of("99999999-2222-3333-4444-555555555555"), transport);
    session.start(None).await;
    let before = address();
    let _full = FullStorage::new();
    // Nobody clicked, so that the window which would be the way out is not allowed either.
    run_js("globalThis.realOpen ??= globalThis.open; globalThis.open = () => null");
    let error = session.sign_in(SignIn::default()).await.unwrap_err();
    run_js("globalThis.open = globalThis.realOpen");
    assert_eq!(error.code(), ErrorCode::PopupBlocked);
    assert_eq!((session.phase(), address()), (Phase::SignedOut, before));
    assert!(sent.borrow().is_empty());
}
