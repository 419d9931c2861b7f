//! The self-test's other half: measures and asks. Owns the order of what is done with the browser, the session and Graph; leaves what is
//! looked at and what it means to `core::diagnose`. Shared by the app and the npm module.

use std::cell::RefCell;

use convoke_core::{
    Error, ErrorCode,
    auth::{Feature, exchange},
    config::Cache,
    diagnose::{self, Check, Finding, Outcome, Probe, Subject},
    graph::Call,
};

use crate::{
    browser::{clock, crypto, fetch, page, storage, vault},
    client::{Abort, Client, LocalBoxFuture},
    session::{Session, TokenRequest},
};

/// The app's self-test: everything that it needs, owned, so that it can be loaded when somebody wants it.
pub type SelfTest = fn(Client, Session, Vec<Feature>, Abort, Box<dyn Fn(&Check)>) -> LocalBoxFuture<()>;

/// The app's self-test.
#[must_use]
pub fn self_test(client: Client, session: Session, features: Vec<Feature>, abort: Abort, found: Box<dyn Fn(&Check)>) -> LocalBoxFuture<()> {
    Box::pin(async move {
        diagnose(&client, Some(&session), &features, &abort, found).await;
    })
}

/// Looks at everything that `features` rest on, one thing after the other; `found` is told each outcome as it comes. Nothing is changed
/// at Microsoft's. Without a session the host brings the tokens, and what concerns their making is skipped. After `abort` what is left
/// counts as stopped.
pub async fn diagnose(
    client: &Client,
    session: Option<&Session>,
    features: &[Feature],
    abort: &Abort,
    found: impl Fn(&Check),
) -> Vec<Check> {
    let test = Test { client, session, features, abort, subject: RefCell::new(subject(session)) };
    let mut checks: Vec<Check> = Vec::new();
    for probe in diagnose::plan(features) {
        let began = fetch::now();
        let finding = if abort.is_aborted() {
            Finding::Stopped
        } else if test.rests_on_failure(probe, &checks) {
            Finding::NotReached
        } else {
            abort.guard(test.look_at(probe)).await.unwrap_or(Finding::Stopped)
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds of one check")]
        let duration_ms = fetch::now().seconds_since(began).mul_add(1000.0, 0.5) as u32;
        let check = Check { probe, finding, duration_ms };
        found(&check);
        checks.push(check);
    }
    checks
}

fn subject(session: Option<&Session>) -> Subject {
    let personal = session.and_then(Session::account).is_some_and(|account| account.is_personal());
    Subject { granted: session.map(Session::granted), personal, address: None }
}

struct Test<'a> {
    client: &'a Client,
    session: Option<&'a Session>,
    features: &'a [Feature],
    abort: &'a Abort,
    subject: RefCell<Subject>,
}

impl Test<'_> {
    /// Without an answer from Graph no feature is worth a request of its own.
    fn rests_on_failure(&self, probe: Probe, checks: &[Check]) -> bool {
        let failed = |wanted| checks.iter().any(|check| check.probe == wanted && check.finding.outcome() == Outcome::Fail);
        match probe {
            Probe::Registration => failed(Probe::SignIn),
            Probe::Graph => failed(Probe::Registration),
            Probe::Feature(_) => failed(Probe::Graph) || failed(Probe::Registration),
            _ => false,
        }
    }

    async fn look_at(&self, probe: Probe) -> Finding {
        match probe {
            Probe::Program => diagnose::program(),
            Probe::Browser => crypto::missing().map_or(Finding::Works, Finding::Failed),
            Probe::Storage => self.storage().await,
            Probe::Clock => {
                let other = clock::of_origin(&fetch::transport()).await;
                diagnose::clock(fetch::now().wall_ms / 1000.0, other)
            }
            Probe::SignIn => self.sign_in().await,
            Probe::Registration => self.registration().await,
            Probe::Consent => match self.session {
                Some(session) => {
                    let scopes = session.config().session.scopes.as_deref();
                    diagnose::consent(self.features, scopes, &session.granted())
                }
                None => Finding::HostProvides,
            },
            Probe::Graph => self.graph().await,
            Probe::Feature(feature) => {
                let call = diagnose::first_call(feature, &self.subject.borrow(), page::now());
                match call {
                    Ok(call) => Finding::of(self.call(feature, call).await),
                    Err(finding) => finding,
                }
            }
        }
    }

    async fn storage(&self) -> Finding {
        let in_memory = self.session.is_some_and(|session| session.config().session.cache == Cache::Memory);
        let kept = storage::outlives_reload() && vault::has_key().await;
        if kept || in_memory { Finding::Works } else { Finding::MemoryOnly }
    }

    async fn sign_in(&self) -> Finding {
        match self.session {
            Some(session) => {
                let authority = &session.config().session.authority;
                Finding::of(exchange::discover(&fetch::transport(), authority, fetch::now()).await)
            }
            None => Finding::HostProvides,
        }
    }

    /// A renewal: only a registered application, on the right platform, gets a new token here.
    async fn registration(&self) -> Finding {
        let Some(session) = self.session else { return Finding::HostProvides };
        let known = match session.token(TokenRequest::default()).await {
            Ok(token) => token,
            Err(error) => return Finding::Failed(error),
        };
        Finding::of(session.token(TokenRequest { rejected: Some(&known), ..TokenRequest::default() }).await)
    }

    async fn graph(&self) -> Finding {
        let call = match diagnose::first_call(Feature::Profile, &Subject::default(), page::now()) {
            Ok(call) => call,
            Err(finding) => return finding,
        };
        let answer = self.client.run(call, self.abort).await;
        if let Ok(profile) = &answer {
            self.subject.borrow_mut().address = diagnose::own_address(profile);
        }
        Finding::of(answer)
    }

    /// A feature's first call. That nobody has rooms or a drive is no defect of the set-up.
    async fn call(&self, feature: Feature, call: Call<serde_json::Value>) -> Result<(), Error> {
        match self.client.run(call, self.abort).await {
            Err(error) if feature == Feature::Files && error.code() == ErrorCode::NotFound => Ok(()),
            answer => answer.map(drop),
        }
    }
}
