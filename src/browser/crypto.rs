//! WebCrypto. Owns one kind of encryption (AES-GCM with 256 bits, a fresh nonce each time, a key that scripts cannot read out); leaves
//! where keys and ciphertexts are kept to `vault`.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use convoke_core::{Error, ErrorCode};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};

/// The length that NIST SP 800-38D §8.2 recommends for AES-GCM.
const NONCE_LENGTH: usize = 12;

/// What this browser or page lacks for a sign-in, if anything. Ask at the start rather than at the click.
#[must_use]
pub fn missing() -> Option<Error> {
    let secure = Reflect::get(&js_sys::global(), &"isSecureContext".into()).is_ok_and(|value| value.is_truthy());
    if !secure {
        let message = "Signing in needs a secure page. Open it by https://, or on this machine by http://localhost.";
        return Some(Error::new(ErrorCode::Configuration, message));
    }
    subtle().is_none().then(|| Error::new(ErrorCode::Configuration, "Signing in needs WebCrypto, which this browser does not offer."))
}

/// 256 bits from the browser's cryptographic source.
///
/// # Errors
/// Where the browser has none.
pub fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    let none = || Error::new(ErrorCode::Configuration, "Signing in needs a source of randomness, which this browser does not offer.");
    let crypto = web_sys::window().and_then(|window| window.crypto().ok()).ok_or_else(none)?;
    crypto.get_random_values_with_u8_array(&mut bytes).map_err(|_| none())?;
    Ok(bytes)
}

/// A new key that can be stored and used, but not read.
///
/// # Errors
/// Where the browser refuses.
pub async fn generate() -> Result<CryptoKey, Error> {
    let algorithm = Object::new();
    set(&algorithm, "name", &"AES-GCM".into());
    set(&algorithm, "length", &256.into());
    let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
    let promise = subtle().ok_or_else(refused)?.generate_key_with_object(&algorithm, false, &uses).map_err(|_| refused())?;
    JsFuture::from(promise).await.map_err(|_| refused())?.dyn_into().map_err(|_| refused())
}

/// Encrypts. The context is not in the result, but only the same one opens it.
///
/// # Errors
/// Where the browser refuses.
pub async fn seal(key: &CryptoKey, plain: &[u8], context: &str) -> Result<Vec<u8>, Error> {
    let mut sealed = vec![0; NONCE_LENGTH];
    crypto().ok_or_else(refused)?.get_random_values_with_u8_array(&mut sealed).map_err(|_| refused())?;
    let work =
        subtle().ok_or_else(refused)?.encrypt_with_object_and_js_u8_array(&parameters(&sealed, context), key, &Uint8Array::from(plain));
    sealed.extend(bytes(work).await?);
    Ok(sealed)
}

/// Decrypts what [`seal`] made with the same key and context.
///
/// # Errors
/// Where it was made with others, or damaged.
pub async fn open(key: &CryptoKey, sealed: &[u8], context: &str) -> Result<Vec<u8>, Error> {
    let (nonce, ciphertext) = sealed.split_at_checked(NONCE_LENGTH).ok_or_else(refused)?;
    let parameters = parameters(nonce, context);
    bytes(subtle().ok_or_else(refused)?.decrypt_with_object_and_js_u8_array(&parameters, key, &Uint8Array::from(ciphertext))).await
}

/// A short text that stands for another and does not give it away: 128 bits of its SHA-256.
///
/// # Errors
/// Where the browser refuses.
pub async fn digest(text: &str) -> Result<String, Error> {
    let work = subtle().ok_or_else(refused)?.digest_with_str_and_js_u8_array("SHA-256", &Uint8Array::from(text.as_bytes()));
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes(work).await?.get(..16).unwrap_or_default()))
}

async fn bytes(work: Result<js_sys::Promise, JsValue>) -> Result<Vec<u8>, Error> {
    let buffer = JsFuture::from(work.map_err(|_| refused())?).await.map_err(|_| refused())?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn parameters(nonce: &[u8], context: &str) -> Object {
    let parameters = Object::new();
    set(&parameters, "name", &"AES-GCM".into());
    set(&parameters, "iv", &Uint8Array::from(nonce));
    set(&parameters, "additionalData", &Uint8Array::from(context.as_bytes()));
    parameters
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // An object of our own takes any member.
    let _ = Reflect::set(object, &name.into(), value);
}

/// Of the global object rather than of `window`, so that a worker has it too.
fn crypto() -> Option<Crypto> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    crypto.is_object().then(|| crypto.unchecked_into())
}

fn subtle() -> Option<SubtleCrypto> {
    // On an insecure page the member is missing, which its binding does not expect.
    let subtle = Reflect::get(crypto()?.as_ref(), &"subtle".into()).ok()?;
    subtle.is_object().then(|| subtle.unchecked_into())
}

fn refused() -> Error {
    Error::new(ErrorCode::Configuration, "The browser refused to encrypt or decrypt.")
}
