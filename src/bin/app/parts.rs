//! What of the program is loaded later. Owns the borders along which xtask cuts the module in two when it is built with the feature `split`;
//! without that feature (Trunk, tests) the same functions are at hand at once. What is behind a border is reached through the function
//! pointers that loading gives, and through nothing else, or it would stand in front of it.

use convoke::ui::Later;
use convoke_core::Error;

/// Loads what the first screen does not need.
pub(crate) async fn later() -> Result<Later, Error> {
    #[cfg(feature = "split")]
    return entry().await.map_err(|Failed| {
        Error::new(convoke_core::ErrorCode::Network, "A part of the program could not be loaded. Check the connection and try again.")
    });
    #[cfg(not(feature = "split"))]
    Ok(convoke::ui::later())
}

/// Why is logged by the loader; for the person it is the network in any case.
#[cfg(feature = "split")]
pub(crate) struct Failed;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Failed {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(later, fallible)]
fn entry() -> Result<Later, Failed> {
    Ok(convoke::ui::later())
}
