//! What the grid's colours and patterns mean, and the patterns themselves.

use convoke_core::model::FreeBusy;
use yew::prelude::*;

use super::super::{context::Ui, strings::Text, words};

/// The states with their names.
pub(super) fn legend(ui: &Ui) -> Html {
    let states = [FreeBusy::Free, FreeBusy::Tentative, FreeBusy::Busy, FreeBusy::Oof, FreeBusy::WorkingElsewhere, FreeBusy::Unknown];
    html! {
        <ul class="legend" aria-label={ui.text(Text::Legend)}>
            { for states.into_iter().map(|status| {
                let class = words::free_busy_class(status);
                html! {
                    <li key={class}>
                        <svg class="legend-swatch" width="18" height="14" aria-hidden="true"><rect class={classes!("status", class)} fill={["url(#pattern-", class, ")"].concat()} width="18" height="14" /></svg>
                        { words::free_busy(ui, status) }
                    </li>
                }
            }) }
            <li><svg class="legend-swatch" width="18" height="14" aria-hidden="true"><rect class="outside" width="18" height="14" /></svg>{ ui.text(Text::OutsideHours) }</li>
        </ul>
    }
}

/// The six states, told apart without colour: stripes, solid, dots, lines.
pub(super) fn patterns() -> Html {
    html! {
        <svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false">
            <defs>
                <pattern id="pattern-free" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="ink-free" width="8" height="8" /></pattern>
                <pattern id="pattern-tentative" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <rect class="paper-tentative" width="8" height="8" /><rect class="ink-tentative" width="4" height="8" />
                </pattern>
                <pattern id="pattern-busy" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="ink-busy" width="8" height="8" /></pattern>
                <pattern id="pattern-oof" width="8" height="8" patternUnits="userSpaceOnUse">
                    <rect class="ink-oof" width="8" height="8" /><circle class="paper-oof" cx="4" cy="4" r="1.600" />
                </pattern>
                <pattern id="pattern-elsewhere" width="7" height="7" patternUnits="userSpaceOnUse">
                    <rect class="paper-elsewhere" width="7" height="7" /><circle class="ink-elsewhere" cx="3.500" cy="3.500" r="1.500" />
                </pattern>
                <pattern id="pattern-unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
                    <rect class="paper-unknown" width="6" height="6" /><rect class="ink-unknown" width="1.500" height="6" />
                </pattern>
            </defs>
        </svg>
    }
}
