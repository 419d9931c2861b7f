//! One at a time over all tabs of this origin. Owns the browser's Web Locks; leaves what is done under a lock, and what where there are none,
//! to the callers.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

/// A lock, held until it is dropped.
pub struct Lock {
    release: Function,
    /// Whether another tab held it when it was asked for.
    pub was_taken: bool,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A promise's own function does not throw. Where the lock was not granted yet, it is let go as soon as it is.
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// Waits for the lock of that name; none where this browser has no locks.
pub async fn lock(name: &str) -> Option<Lock> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let manager = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
    let manager: LockManager = manager.into();
    if let Some(lock) = request(&manager, name, true).await {
        return Some(lock);
    }
    let mut lock = request(&manager, name, false).await?;
    lock.was_taken = true;
    Some(lock)
}

async fn request(manager: &LockManager, name: &str, at_once: bool) -> Option<Lock> {
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    // Before anything is awaited: whoever gives up on the way drops it, and with it the request.
    let lock = Lock { release: release?, was_taken: false };
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &at_once.into()).ok()?;
    let mut asked = None;
    let granted = Promise::new(&mut |resolve, _| {
        let held = held.clone();
        let callback = Closure::once_into_js(move |lock: JsValue| {
            // A promise's own function does not throw.
            let _ = resolve.call1(&JsValue::UNDEFINED, &lock.is_object().into());
            held
        });
        asked = manager.request(name, &options, &callback).ok();
    });
    // What was asked for settles first only where the browser refuses altogether.
    let first = JsFuture::from(Promise::race(&Array::of2(&granted, asked?.as_ref()))).await.ok()?;
    first.is_truthy().then_some(lock)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = LockManager)]
    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &Object, callback: &JsValue) -> Result<Promise, JsValue>;
}
