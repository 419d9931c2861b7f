//! What another program reads of our text.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use icalendar::parser::{Component, read_calendar_simple, unfold};

/// Name, parameters, value (unescaped where it is text).
type Property = (String, Vec<(String, String)>, String);

/// One component, owned.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) properties: Vec<Property>,
    pub(crate) parts: Vec<Part>,
}

/// Reads a text after checking what every reader may rely on: line ends and the length of lines.
pub(crate) fn read(text: &str) -> Part {
    assert!(text.ends_with("\r\n"));
    for line in text.trim_end_matches("\r\n").split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']) && !line.is_empty(), "{line:?}");
    }
    let unfolded = unfold(text);
    let mut read = read_calendar_simple(&unfolded).unwrap();
    assert_eq!(read.len(), 1);
    part(read.remove(0))
}

fn part(component: Component<'_>) -> Part {
    Part {
        name: component.name.as_str().to_owned(),
        properties: component
            .properties
            .into_iter()
            .map(|property| {
                let value =
                    |value: Option<icalendar::parser::ParseString<'_>>| value.map(|value| value.as_str().to_owned()).unwrap_or_default();
                let parameters = property.params.into_iter().map(|parameter| (parameter.key.as_str().to_owned(), value(parameter.val)));
                (property.name.as_str().to_owned(), parameters.collect(), property.val.as_str().to_owned())
            })
            .collect(),
        parts: component.components.into_iter().map(part).collect(),
    }
}

impl Part {
    /// The values of all properties of a name.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.properties.iter().filter(|(known, ..)| known == name).map(|(.., value)| value.as_str()).collect()
    }

    /// The value of the one property of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let all = self.all(name);
        assert!(all.len() <= 1, "{name} comes {} times", all.len());
        all.first().copied()
    }

    /// A parameter of the first property of a name.
    pub(crate) fn parameter(&self, name: &str, parameter: &str) -> Option<&str> {
        let (_, parameters, _) = self.properties.iter().find(|(known, ..)| known == name)?;
        parameters.iter().find(|(known, _)| known == parameter).map(|(_, value)| value.as_str())
    }

    /// The parts of a name.
    pub(crate) fn parts(&self, name: &str) -> Vec<&Part> {
        self.parts.iter().filter(|part| part.name == name).collect()
    }
}
