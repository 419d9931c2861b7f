//! The texts of one language. Owns filling placeholders, a host's own texts on top, and the pseudo-language; leaves the texts to the table.

use std::{collections::HashMap, rc::Rc};

use super::Text;

/// The languages that the settings offer: tag, and its name in itself.
pub const LANGUAGES: [(&str, &str); 2] = [("en-GB", "English (United Kingdom)"), ("en-US", "English (United States)")];

/// The texts of one language, with a host's own on top.
#[derive(Debug, Clone, Default)]
pub struct Strings {
    replaced: Rc<HashMap<String, String>>,
    pseudo: bool,
}

impl PartialEq for Strings {
    fn eq(&self, other: &Self) -> bool {
        self.pseudo == other.pseudo && Rc::ptr_eq(&self.replaced, &other.replaced)
    }
}

impl Strings {
    /// English, or the pseudo-language for the tag `en-XB`: English in brackets, set from right to left, so that tests find every text
    /// that is not in this table and every layout that knows only one direction.
    #[must_use]
    pub fn for_locale(locale: &str) -> Self {
        Self { pseudo: locale.eq_ignore_ascii_case("en-XB"), ..Self::default() }
    }

    /// The direction in which this language is written, as the `dir` attribute has it.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        if self.pseudo { "rtl" } else { "ltr" }
    }

    /// A text without placeholders.
    #[must_use]
    pub fn get(&self, text: Text) -> String {
        let plain = self.replaced.get(text.name()).map_or_else(|| text.english().to_owned(), Clone::clone);
        if self.pseudo { ["[", &plain, "]"].concat() } else { plain }
    }

    /// A text with its placeholders filled.
    #[must_use]
    pub fn with(&self, text: Text, values: &[(&str, &str)]) -> String {
        let template = self.get(text);
        let mut filled = String::with_capacity(template.len() + 32);
        let mut rest = template.as_str();
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            rest = &rest[open..];
            let Some(close) = rest.find('}') else { break };
            match values.iter().find(|(name, _)| *name == &rest[1..close]) {
                Some((_, value)) => filled.push_str(value),
                None => filled.push_str(&rest[..=close]),
            }
            rest = &rest[close + 1..];
        }
        filled.push_str(rest);
        filled
    }

    /// A text for a number, `one` where the number is 1, with `{count}` filled.
    #[must_use]
    pub fn count(&self, one: Text, many: Text, count: usize) -> String {
        self.with(if count == 1 { one } else { many }, &[("count", &count.to_string())])
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Text, Strings};

    #[test]
    fn placeholders_are_filled_and_values_are_not_read_as_templates() {
        let strings = Strings::default();
        assert_eq!(strings.with(Text::EventsLoaded, &[("count", "3")]), "3 events");
        assert_eq!(strings.with(Text::Added, &[("name", "{count}")]), "{count} is added.");
    }

    #[test]
    fn every_text_is_said_once_and_the_pseudo_language_marks_all() {
        let pseudo = Strings::for_locale("en-XB");
        assert_eq!(pseudo.direction(), "rtl");
        for text in Text::ALL {
            assert!(!text.english().trim().is_empty(), "{} is empty", text.name());
            assert!(pseudo.get(*text).starts_with('['), "{} is not marked", text.name());
        }
    }
}
