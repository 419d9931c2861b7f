//! Small pictures. Owns their outlines; each is decoration beside a text, so all are hidden from assistive technology.

use yew::prelude::*;

/// A picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A month sheet.
    Calendar,
    /// People and a clock.
    Assistant,
    /// A plug.
    Connection,
    /// ‹
    Before,
    /// ›
    After,
    /// +
    Plus,
    /// ×
    Cross,
    /// ✓
    Check,
    /// ?
    Question,
    /// !
    Warning,
    /// A person.
    Person,
    /// A place.
    Place,
    /// A clock.
    Clock,
    /// Lines of text.
    Text,
    /// A camera.
    Join,
    /// A lock.
    Lock,
}

impl Icon {
    /// The outline on a field of 20 × 20.
    fn outline(self) -> &'static str {
        match self {
            Self::Calendar => "M4 5.5h12a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM3 9h14M7 3.5v4M13 3.5v4",
            Self::Assistant => {
                "M7 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM2.5 16c0-3 2-5 4.5-5 1 0 1.8.2 2.5.7M14 17.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM14 11.8v2l1.4 1"
            }
            Self::Connection => "M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3",
            Self::Before => "M12 5l-5 5 5 5",
            Self::After => "M8 5l5 5-5 5",
            Self::Plus => "M10 4v12M4 10h12",
            Self::Cross => "M5 5l10 10M15 5L5 15",
            Self::Check => "M4 10.5l4 4 8-9",
            Self::Question => "M7 7.5c0-4 6-4 6-.5 0 2.500-3 2.500-3 5M10 15.5v.5",
            Self::Warning => "M10 3.500L18 17H2zM10 8v4.500M10 14.500v.5",
            Self::Person => "M10 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c0-3.500 2.500-6 6-6s6 2.500 6 6",
            Self::Place => "M10 17.500s-5.500-5-5.500-9a5.500 5.500 0 0 1 11 0c0 4-5.500 9-5.500 9zM10 10.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
            Self::Clock => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.500l3 1.500",
            Self::Text => "M4 5h12M4 10h12M4 15h8",
            Self::Join => "M3 6h9v8H3zM12 9l5-2.500v7L12 11",
            Self::Lock => "M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9",
        }
    }
}

/// Draws a picture in the colour of the text around it.
pub(crate) fn picture(icon: Icon) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
            <path d={icon.outline()} />
        </svg>
    }
}
