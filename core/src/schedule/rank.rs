//! Ranking.
use super::{RankRequest, RankResult};
use crate::{Error, time::Zones};

/// The slots in which these people can meet, best first, each with its reasons; or why there are none.
///
/// # Errors
/// `invalid-request` that names the field.
pub fn rank(request: &RankRequest, zones: &Zones) -> Result<RankResult, Error> {
    todo!()
}
