//! Locks over all tabs of an origin (Web Locks API). Owns waiting for one lock and giving it back; leaves names, and how many of them make a
//! limit, to its callers. Where the browser has no locks, or not here, each tab has its own: a lock is then had at once.

use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

/// A lock that is wanted, or held. As a future it is done once the lock is held; dropped, it is given back, or waited for no more.
pub struct Lock {
    state: Rc<RefCell<State>>,
    /// Ends the waiting. No effect once the lock is held.
    controller: Option<AbortController>,
    /// Ends the holding.
    release: Option<Function>,
    /// What the browser calls with the lock. Called after it is gone it throws, which the browser takes for giving the lock back.
    _granted: Option<Closure<dyn FnMut(JsValue) -> Promise>>,
}

#[derive(Default)]
struct State {
    held: bool,
    waker: Option<Waker>,
}

impl State {
    fn hold(state: &RefCell<Self>) {
        let waker = {
            let mut state = state.borrow_mut();
            state.held = true;
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Asks for the lock of this name; those who asked earlier, in whichever tab, have it first.
#[must_use]
pub fn lock(name: &str) -> Lock {
    request(name).unwrap_or_else(|| Lock {
        state: Rc::new(RefCell::new(State { held: true, waker: None })),
        controller: None,
        release: None,
        _granted: None,
    })
}

fn request(name: &str) -> Option<Lock> {
    let manager: LockManager = Reflect::get(&navigator()?, &"locks".into()).ok().filter(JsValue::is_object)?.unchecked_into();
    let controller = AbortController::new().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"signal".into(), &controller.signal()).ok()?;
    let mut release = None;
    // The lock is held for as long as this promise is open.
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let state = Rc::new(RefCell::new(State::default()));
    let granting = Rc::clone(&state);
    let granted = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |_| {
        State::hold(&granting);
        held.clone()
    });
    let settling = Rc::clone(&state);
    let asked = manager.request(name, &options, granted.as_ref().unchecked_ref()).ok()?;
    // A browser that refuses locks, e.g. in a sandboxed frame, is one without them. In the other cases, given back or waited for no more,
    // nobody looks. Without a listener such a failure would be reported as an error of the page.
    let settled: Function = Closure::once_into_js(move |_: JsValue| State::hold(&settling)).unchecked_into();
    asked.then_either(&settled, &settled);
    Some(Lock { state, controller: Some(controller), release, _granted: Some(granted) })
}

/// Of the page, or of a worker.
fn navigator() -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &"navigator".into()).ok().filter(JsValue::is_object)
}

impl Future for Lock {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state.borrow_mut();
        if state.held {
            return Poll::Ready(());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // First: a lock that is granted just now is given back at once.
            drop(release.call0(&JsValue::NULL));
        }
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &Object, granted: &Function) -> Result<Asked, JsValue>;

    /// A promise, of which it is the same how it ends.
    type Asked;

    #[wasm_bindgen(method, js_name = then)]
    fn then_either(this: &Asked, done: &Function, failed: &Function);
}
