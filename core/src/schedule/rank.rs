//! Ranking: the engine's front door. Owns the order of steps; leaves each of them to its module: `prepare` checks, `field` and `tally`
//! test every start at once, `search` chooses, `explain` says why, `almost` says what would help.

use super::{EmptyReason, RankRequest, RankResult, almost, explain::suggestion, prepare::Prepared, search::search};
use crate::{Error, time::Zones};

/// The slots in which these people can meet, best first, each with its reasons; or why there are none.
///
/// # Errors
/// `invalid-request` that names the field: a window that ends before it starts, a duration, step, interval or number of results below 1,
/// two organizers, a zone that nobody knows, a schedule item without a date, more work than is reasonable.
pub fn rank(request: &RankRequest, zones: &Zones) -> Result<RankResult, Error> {
    let prepared = Prepared::new(request, zones)?;
    let rules = prepared.rules();
    let picks = search(&prepared, &rules, request.max_results as usize)?;
    let empty = picks.is_empty();
    Ok(RankResult {
        suggestions: picks.into_iter().map(|pick| suggestion(&prepared, &rules, pick)).collect(),
        empty_reason: if empty { almost::empty_reason(&prepared, &rules)? } else { EmptyReason::None },
        almost: match (request.relax, empty) {
            (false, _) => None,
            (true, false) => Some(Vec::new()),
            (true, true) => Some(almost::almost(&prepared, &rules)?),
        },
    })
}
