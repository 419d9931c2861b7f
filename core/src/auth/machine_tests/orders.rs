//! Every order of events: what must never happen does not, also where events come twice, late, or from an attacker.

use super::*;
use proptest::{collection::vec, prelude::*};

/// An event, still without the request that it may or may not answer.
#[derive(Debug, Clone, Copy)]
enum Move {
    Open {
        answer: Reply,
        pending: bool,
        saved: bool,
    },
    Depart {
        window: bool,
    },
    Return,
    Stay,
    Redeem(Gift),
    /// A whole sign-in with our own answer: leave, come back, redeem.
    Round(Gift),
    Clock(bool),
    Want {
        scope: bool,
        rejected: bool,
        later: bool,
    },
    Refresh(Gift),
    /// An answer to an exchange that is long over.
    Late,
    /// The sign-in window answers.
    Window(Reply),
    /// Another tab hands over the session that it has.
    Hand {
        join: bool,
    },
    Gone,
    SignOut,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Reply {
    None,
    Code { ours: bool },
    Refusal { busy: bool },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Gift {
    Tokens { nonce: bool, stale: bool },
    Ended,
    Busy,
    Consent,
}

/// Weighted towards whole sign-ins, so that a thousand courses hold many of them.
fn moves() -> impl Strategy<Value = Move> {
    let likely = |chance: f64| proptest::bool::weighted(chance);
    let reply = prop_oneof![
        1 => Just(Reply::None),
        4 => any::<bool>().prop_map(|ours| Reply::Code { ours }),
        1 => any::<bool>().prop_map(|busy| Reply::Refusal { busy }),
    ];
    let gift = prop_oneof![
        4 => (likely(0.6), likely(0.2)).prop_map(|(nonce, stale)| Gift::Tokens { nonce, stale }),
        1 => Just(Gift::Ended),
        1 => Just(Gift::Busy),
        1 => Just(Gift::Consent),
    ];
    prop_oneof![
        3 => (reply, likely(0.8), any::<bool>()).prop_map(|(answer, pending, saved)| Move::Open { answer, pending, saved }),
        3 => likely(0.4).prop_map(|window| Move::Depart { window }),
        3 => any::<bool>().prop_map(|ours| Move::Window(Reply::Code { ours })),
        1 => Just(Move::Window(Reply::Refusal { busy: true })),
        1 => any::<bool>().prop_map(|join| Move::Hand { join }),
        1 => Just(Move::Gone),
        1 => Just(Move::Late),
        1 => Just(Move::Return),
        1 => Just(Move::Stay),
        4 => gift.clone().prop_map(Move::Redeem),
        4 => gift.clone().prop_map(Move::Round),
        1 => any::<bool>().prop_map(Move::Clock),
        2 => any::<(bool, bool, bool)>().prop_map(|(scope, rejected, later)| Move::Want { scope, rejected, later }),
        3 => gift.prop_map(Move::Refresh),
        1 => Just(Move::SignOut),
    ]
}

/// Runs the moves and counts what happens. A page load (`Open`) that comes in the middle is a reload: the state is new, and what the tab's
/// storage holds by then is all that is left.
struct Course {
    config: SessionConfig,
    state: State,
    stored: Option<Pending>,
    clock_s: f64,
    /// Codes that went to the token endpoint.
    redeemed: Vec<String>,
    codes: u32,
    /// Automatic sign-ins since the person's last own one.
    restarts: u32,
    /// Refreshes since somebody last asked for a token, came back or loaded the page.
    refreshes: u32,
    /// Whether the last answer had our state, and the last grant our nonce.
    ours: (bool, bool),
}

impl Course {
    fn new() -> Self {
        let config = fixture::config();
        let (state, ours) = (State::default(), (false, false));
        Self { config, state, stored: None, clock_s: 0.0, redeemed: Vec::new(), codes: 0, restarts: 0, refreshes: 0, ours }
    }

    fn gift(&self, gift: Gift) -> Result<Grant, Error> {
        let (Flow::Redeeming(pending, _) | Flow::Doubting(pending, _)) = &self.state.flow else {
            return self.give(gift, "no request");
        };
        self.give(gift, pending.nonce.expose())
    }

    fn give(&self, gift: Gift, nonce: &str) -> Result<Grant, Error> {
        match gift {
            Gift::Tokens { nonce: right, stale } => {
                let mut body = fixture::token_body("fresh", if right { nonce } else { "wrong" });
                if stale {
                    let mut claims = fixture::claims(if right { nonce } else { "wrong" });
                    claims["exp"] = json!(fixture::NOW_S - 100_000.0);
                    body["id_token"] = json!(fixture::id_token(&claims));
                }
                Ok(fixture::grant(&body))
            }
            Gift::Ended => Err(failure(ErrorCode::SessionExpired)),
            Gift::Busy => Err(failure(ErrorCode::Unavailable)),
            Gift::Consent => Err(failure(ErrorCode::ConsentRequired)),
        }
    }

    fn event(&mut self, step: Move) -> Event {
        let now = at(self.clock_s);
        match step {
            Move::Open { answer: reply, pending, saved: kept } => {
                self.state = State::default();
                self.refreshes = 0;
                let pending = self.stored.clone().filter(|_| pending);
                let state = pending.as_ref().map(|pending| pending.state.clone());
                let outcome = match reply {
                    Reply::None => None,
                    Reply::Code { .. } => {
                        self.codes += 1;
                        Some(Outcome::Code(secret(&["code ", &self.codes.to_string()].concat())))
                    }
                    Reply::Refusal { busy } => Some(refused(if busy { "server_error" } else { "access_denied" })),
                };
                let ours = reply != Reply::Code { ours: false };
                let answer =
                    outcome.map(|outcome| Answer { state: state.filter(|_| ours).or(Some(secret("forged"))), issuer: None, outcome });
                opened(answer, pending, kept.then(saved), now)
            }
            Move::Depart { window: false } => Event::Departing(Box::new(fixture::departure(&self.config))),
            Move::Depart { window: true } => {
                let request = SignIn { popup: true, ..SignIn::default() };
                let metadata = fixture::metadata(&self.config);
                let departure = protocol::depart(&self.config, &metadata, fixture::PAGE, request, &fixture::start()).unwrap();
                Event::Departing(Box::new(departure))
            }
            Move::Window(reply) => {
                let state = if let Flow::Leaving(pending) = &self.state.flow { Some(pending.state.clone()) } else { None };
                self.codes += 1;
                let outcome = match reply {
                    Reply::Refusal { .. } | Reply::None => refused("server_error"),
                    Reply::Code { .. } => Outcome::Code(secret(&["code ", &self.codes.to_string()].concat())),
                };
                let state = state.filter(|_| reply != Reply::Code { ours: false }).or(Some(secret("forged")));
                Event::Answered(Answer { state, issuer: None, outcome }, now)
            }
            Move::Hand { join } => {
                let mut tokens = saved();
                tokens.access = Some(Access { token: secret("theirs"), received: now, lifetime_s: 3600.0 });
                Event::Handed { tokens: vec![tokens], join, now }
            }
            Move::Gone => Event::Gone(saved().account.id),
            Move::Late => {
                Event::Redeemed(self.state.serial.wrapping_sub(1), self.give(Gift::Tokens { nonce: true, stale: false }, "late"), now)
            }
            Move::Return => Event::Returned,
            Move::Stay => Event::Stayed(failure(ErrorCode::Configuration)),
            Move::Redeem(gift) | Move::Round(gift) => {
                let serial = if let Flow::Redeeming(_, serial) = &self.state.flow { *serial } else { self.state.serial };
                Event::Redeemed(serial, self.gift(gift), now)
            }
            Move::Clock(known) => Event::Clock(known.then_some(fixture::NOW_S), now),
            Move::Want { scope, rejected, later } => {
                self.refreshes = if self.is_renewing() { self.refreshes } else { 0 };
                self.clock_s += if later { 4000.0 } else { 0.0 };
                let token = access_of(&self.state).map(Secret::new);
                let want = Want { rejected: token.filter(|_| rejected), ..want(if scope { &["Mail.Send"] } else { &[] }) };
                Event::Wanted(want, at(self.clock_s))
            }
            Move::Refresh(gift) => {
                let serial = self.state.seat(None).and_then(Seat::renewal).map_or(self.state.serial, |renewal| renewal.serial);
                Event::Refreshed(serial, self.give(gift, "any"), now)
            }
            Move::SignOut => Event::SignOut { account: None, redirect_uri: fixture::PAGE.into() },
        }
    }

    fn take(&mut self, next: Move) {
        if let Move::Round(gift) = next {
            self.take(Move::Depart { window: false });
            self.take(Move::Open { answer: Reply::Code { ours: true }, pending: true, saved: false });
            return self.take(Move::Redeem(gift));
        }
        if matches!((&self.state.flow, next), (Flow::Leaving(_) | Flow::Restarting, Move::Return | Move::Stay | Move::Window(_))) {
            self.refreshes = 0;
        }
        let may_sign_in = self.may_sign_in(next);
        let event = self.event(next);
        let before = std::mem::take(&mut self.state);
        let had_access = access_of(&before).is_some();
        let automatic = matches!(before.flow, Flow::Restarting);
        let (state, effects) = step(&self.config, before, event);
        let has_access = access_of(&state).is_some();
        assert!(had_access || !has_access || may_sign_in, "a token without a request of ours: {next:?}");
        self.state = state;
        for effect in effects {
            match effect {
                Effect::KeepPending(pending) => {
                    self.restarts = if automatic { self.restarts + 1 } else { 0 };
                    assert!(self.restarts <= 1, "a third automatic sign-in");
                    self.stored = Some(*pending);
                }
                Effect::ForgetPending => self.stored = None,
                Effect::Redeem(_, code, pending) => {
                    assert!(self.stored.is_none() || pending.channel().is_some(), "the request is gone before its code is used");
                    assert!(!self.redeemed.contains(&pending.state.expose().to_owned()), "one request is redeemed twice");
                    assert!(!self.redeemed.contains(&code.expose().to_owned()), "one code is redeemed twice");
                    self.redeemed.extend([code.expose().to_owned(), pending.state.expose().to_owned()]);
                }
                Effect::Refresh(_) => {
                    self.refreshes += 1;
                    assert!(self.refreshes <= 2, "a third automatic refresh");
                }
                _ => {}
            }
        }
    }

    /// Whether this move may bring tokens, judged by what was sent and not by what the machine thinks of it: an answer to our own refresh,
    /// or a grant with our nonce after an answer with our state.
    fn may_sign_in(&mut self, next: Move) -> bool {
        match (&self.state.flow, next) {
            (_, Move::Refresh(Gift::Tokens { .. })) => self.is_renewing(),
            // What another tab's own sign-in left behind: for who is here already, or where nobody is and it was asked for.
            (flow, Move::Hand { join }) => !self.state.seats.is_empty() || join && matches!(flow, Flow::Idle),
            (Flow::Leaving(pending), Move::Window(reply)) => {
                self.ours = (pending.channel().is_some() && reply == Reply::Code { ours: true }, false);
                false
            }
            (Flow::Redeeming(..), Move::Redeem(Gift::Tokens { nonce, .. })) => {
                self.ours.1 = nonce;
                self.ours == (true, true)
            }
            (Flow::Doubting(..), Move::Clock(true)) => self.ours == (true, true),
            (_, Move::Open { answer, pending, .. }) => {
                self.ours = (pending && self.stored.is_some() && answer == Reply::Code { ours: true }, false);
                false
            }
            _ => false,
        }
    }

    fn is_renewing(&self) -> bool {
        self.state.seats.iter().any(|seat| seat.renewal().is_some())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_events_breaks_the_promises(moves in vec(moves(), 1..40)) {
        let mut course = Course::new();
        for next in moves {
            course.take(next);
        }
    }
}

#[test]
fn the_orders_reach_every_state() {
    // The property above would hold for a machine that never moves: this walk shows that its moves get everywhere.
    let mut course = Course::new();
    let good = Gift::Tokens { nonce: true, stale: false };
    let code = Move::Open { answer: Reply::Code { ours: true }, pending: true, saved: false };
    course.take(Move::Open { answer: Reply::None, pending: true, saved: false });
    course.take(Move::Depart { window: false });
    assert!(matches!(course.state.flow, Flow::Leaving(_)));
    course.take(code);
    course.take(Move::Redeem(Gift::Busy));
    assert!(matches!(course.state.flow, Flow::Restarting));
    course.take(Move::Depart { window: false });
    assert_eq!(course.restarts, 1);
    course.take(code);
    course.take(Move::Redeem(Gift::Tokens { nonce: true, stale: true }));
    assert!(matches!(course.state.flow, Flow::Doubting(..)));
    course.take(Move::Clock(true));
    assert!(is_signed_out(&course.state), "stale by every clock");
    course.take(Move::Depart { window: false });
    course.take(code);
    course.take(Move::Redeem(good));
    assert!(account(&course.state).is_some());
    course.take(Move::Want { scope: true, rejected: true, later: false });
    assert!(course.is_renewing());
    course.take(Move::Refresh(Gift::Ended));
    assert!(has_ended(&course.state, None));
    assert_eq!(course.redeemed.len(), 6);
    course.take(Move::Depart { window: true });
    course.take(Move::Window(Reply::Code { ours: true }));
    course.take(Move::Redeem(good));
    assert!(!has_ended(&course.state, None) && course.redeemed.len() == 8);
    course.take(Move::Gone);
    assert!(is_signed_out(&course.state));
    course.take(Move::Hand { join: true });
    assert_eq!(access_of(&course.state), Some("theirs"));
}
