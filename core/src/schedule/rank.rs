//! Ranking: the engine's front door. Owns the order of steps; leaves each of them to its module: `prepare` checks, `field` and `tally`
//! test every start at once, `search` chooses, `explain` says why, `almost` says what would help.

use super::{EmptyReason, RankRequest, RankResult, almost, availability::invalid, explain::suggestion, prepare::Prepared, search::search};
use crate::{Error, time::Zones};

/// No answer tells more states of attendees: written as JSON these are some 250 MB.
const MOST_STATES: usize = 2_000_000;

/// The slots in which these people can meet, best first, each with its reasons; or why there are none.
///
/// # Errors
/// `invalid-request` that names the field: a window that ends before it starts, a duration, step, interval or number of results below 1,
/// two organizers, a zone that nobody knows, a schedule item without a date, more work or a longer answer than is reasonable.
pub fn rank(request: &RankRequest, zones: &Zones) -> Result<RankResult, Error> {
    let prepared = Prepared::new(request, zones)?;
    let rules = prepared.rules();
    let picks = search(&prepared, &rules, request.max_results as usize)?;
    if picks.len().saturating_mul(request.attendees.len()) > MOST_STATES {
        return Err(invalid(&["maxResults"], " asks for more than fits into an answer with so many attendees; ask for fewer"));
    }
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
