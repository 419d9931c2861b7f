//! A drawn page as assistive technology finds it: elements by role and name. Owns reading the HTML that Yew writes, and as much of
//! ARIA's computation of roles and names as our components use.

use std::{collections::BTreeMap, fmt::Write};

/// A node of the page.
#[derive(Debug, Clone)]
enum Node {
    Text(String),
    Element(Element),
}

/// An element, with copies of what it contains.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    pub(crate) tag: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Node>,
    /// The name, filled once the whole page is read.
    name: String,
    /// What `aria-describedby` leads to, likewise.
    description: String,
}

/// A page.
pub(crate) struct Page {
    root: Element,
}

impl Page {
    /// Reads what Yew wrote.
    pub(crate) fn read(html: &str) -> Self {
        let mut reader = Reader { rest: html };
        let mut root = Element::new("root", BTreeMap::new());
        root.children = reader.children("root");
        assert!(reader.rest.is_empty(), "unread: {}", reader.rest);
        let whole = root.clone();
        root.finish(&whole, None);
        Self { root }
    }

    /// Everything that is shown with this role, in the order of the page.
    pub(crate) fn all(&self, role: &str) -> Vec<&Element> {
        self.root.all(role)
    }

    /// The one element with this role and name.
    #[track_caller]
    pub(crate) fn one(&self, role: &str, name: &str) -> &Element {
        self.root.one(role, name)
    }

    /// The names of everything with this role.
    pub(crate) fn names(&self, role: &str) -> Vec<&str> {
        self.root.names(role)
    }

    /// All text that is shown.
    pub(crate) fn text(&self) -> String {
        self.root.text()
    }

    /// Everything that is read or heard, piece by piece.
    pub(crate) fn pieces(&self) -> Vec<String> {
        let mut pieces = Vec::new();
        self.root.pieces(&mut pieces);
        pieces
    }

    /// The first element that can have the focus.
    pub(crate) fn first_focusable(&self) -> &Element {
        self.root
            .descendants()
            .into_iter()
            .find(|element| matches!(element.tag.as_str(), "a" | "button" | "input" | "select" | "textarea"))
            .unwrap()
    }
}

impl Element {
    fn new(tag: &str, attributes: BTreeMap<String, String>) -> Self {
        Self { tag: tag.to_owned(), attributes, children: Vec::new(), name: String::new(), description: String::new() }
    }

    /// An attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// Its accessible name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What describes it.
    pub(crate) fn description(&self) -> &str {
        &self.description
    }

    pub(crate) fn all(&self, role: &str) -> Vec<&Self> {
        self.descendants().into_iter().filter(|element| element.role() == role).collect()
    }

    pub(crate) fn names(&self, role: &str) -> Vec<&str> {
        self.all(role).into_iter().map(Self::name).collect()
    }

    #[track_caller]
    pub(crate) fn one(&self, role: &str, name: &str) -> &Self {
        let found: Vec<&Self> = self.all(role).into_iter().filter(|element| element.name == name).collect();
        assert_eq!(found.len(), 1, "{role} “{name}” among {:?}", self.names(role));
        found[0]
    }

    /// The text that is shown in it, words parted by single spaces.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        self.gather(&mut text, &|element| element.get("hidden").is_none());
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The role: the one that is said, else that of the tag.
    pub(crate) fn role(&self) -> &str {
        if let Some(role) = self.get("role") {
            return role;
        }
        match (self.tag.as_str(), self.get("type")) {
            ("a", _) if self.get("href").is_some() => "link",
            ("button" | "main" | "form" | "dialog" | "option" | "p", _) => &self.tag,
            ("h1" | "h2" | "h3", _) => "heading",
            ("input", Some(kind @ ("radio" | "checkbox"))) => kind,
            ("input" | "textarea", _) => "textbox",
            ("select", _) => "combobox",
            ("nav", _) => "navigation",
            ("ul" | "ol", _) => "list",
            ("li", _) => "listitem",
            ("fieldset", _) => "group",
            ("progress", _) => "progressbar",
            ("table", _) => "table",
            ("th", _) if self.get("scope") == Some("row") => "rowheader",
            ("th", _) => "columnheader",
            ("td", _) => "cell",
            ("section", _) if self.get("aria-labelledby").is_some() => "region",
            _ => "generic",
        }
    }

    fn descendants(&self) -> Vec<&Self> {
        let mut found = Vec::new();
        for node in &self.children {
            if let Node::Element(element) = node
                && element.get("hidden").is_none()
                && element.get("aria-hidden") != Some("true")
            {
                found.push(element);
                found.extend(element.descendants());
            }
        }
        found
    }

    fn everything(&self) -> Vec<&Self> {
        let elements = self.children.iter().filter_map(|node| if let Node::Element(element) = node { Some(element) } else { None });
        elements.flat_map(|element| std::iter::once(element).chain(element.everything())).collect()
    }

    fn gather(&self, into: &mut String, counts: &dyn Fn(&Self) -> bool) {
        for node in &self.children {
            match node {
                Node::Text(text) => into.push_str(text),
                Node::Element(element) if counts(element) => {
                    // Only what stands in one line is one word.
                    let inline = matches!(element.tag.as_str(), "bdi" | "b" | "code");
                    into.push_str(if inline { "" } else { " " });
                    element.gather(into, counts);
                    into.push_str(if inline { "" } else { " " });
                }
                Node::Element(_) => {}
            }
        }
    }

    fn heard(&self) -> String {
        let mut text = String::new();
        self.gather(&mut text, &|element| element.get("hidden").is_none() && element.get("aria-hidden") != Some("true"));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn finish(&mut self, page: &Self, label: Option<&str>) {
        let by_ids = |ids: &str| {
            let named = ids.split(' ').map(|id| {
                let found = page.everything().into_iter().find(|element| element.get("id") == Some(id));
                found.unwrap_or_else(|| panic!("nothing has the id {id}")).heard()
            });
            named.collect::<Vec<_>>().join(" ")
        };
        let labelled = || {
            let id = self.get("id")?;
            page.everything().into_iter().find(|element| element.tag == "label" && element.get("for") == Some(id)).map(Self::heard)
        };
        let legend = || self.everything().into_iter().find(|element| element.tag == "legend").map(Self::heard);
        self.name = match (self.get("aria-label"), self.get("aria-labelledby")) {
            (Some(label), _) => label.to_owned(),
            (None, Some(ids)) => by_ids(ids),
            (None, None) if self.tag == "fieldset" => legend().unwrap_or_default(),
            (None, None) if matches!(self.tag.as_str(), "input" | "select" | "textarea") => {
                labelled().or_else(|| label.map(str::to_owned)).unwrap_or_default()
            }
            (None, None) => self.heard(),
        };
        self.description = self.get("aria-describedby").map(by_ids).unwrap_or_default();
        let own_label = (self.tag == "label").then(|| {
            let mut text = String::new();
            self.gather(&mut text, &|element| !matches!(element.tag.as_str(), "select" | "option"));
            text.trim().to_owned()
        });
        let label = own_label.as_deref().or(label).map(str::to_owned);
        for node in &mut self.children {
            if let Node::Element(element) = node {
                element.finish(page, label.as_deref());
            }
        }
    }

    fn pieces(&self, into: &mut Vec<String>) {
        for name in ["aria-label", "title", "placeholder", "alt"] {
            into.extend(self.get(name).map(str::to_owned));
        }
        for node in &self.children {
            match node {
                Node::Text(text) if !text.trim().is_empty() => into.push(text.clone()),
                Node::Text(_) => {}
                Node::Element(element) => element.pieces(into),
            }
        }
    }
}

/// Reads HTML that is known to be well-formed, as Yew's is.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn children(&mut self, tag: &str) -> Vec<Node> {
        let mut children = Vec::new();
        while !self.rest.is_empty() {
            if let Some(rest) = self.rest.strip_prefix("</") {
                let (name, rest) = rest.split_once('>').expect("an end tag ends");
                assert_eq!(name, tag, "tags are closed in order");
                self.rest = rest;
                return children;
            }
            if let Some(rest) = self.rest.strip_prefix("<!--") {
                self.rest = rest.split_once("-->").expect("a comment ends").1;
            } else if self.rest.starts_with('<') {
                children.push(Node::Element(self.element()));
            } else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                children.push(Node::Text(unescape(&self.rest[..end])));
                self.rest = &self.rest[end..];
            }
        }
        children
    }

    fn element(&mut self) -> Element {
        let end = self.rest[1..].find([' ', '>', '/']).expect("a tag ends") + 1;
        let tag = self.rest[1..end].to_owned();
        self.rest = &self.rest[end..];
        let mut attributes = BTreeMap::new();
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix("/>").or_else(|| self.rest.strip_prefix('>')) {
                let closed = self.rest.starts_with('/') || matches!(tag.as_str(), "input" | "br" | "img" | "hr");
                self.rest = rest;
                let mut element = Element::new(&tag, attributes);
                if !closed {
                    element.children = self.children(&tag);
                }
                return element;
            }
            let end = self.rest.find(['=', ' ', '>', '/']).expect("an attribute ends");
            let name = self.rest[..end].to_owned();
            self.rest = &self.rest[end..];
            let value = match self.rest.strip_prefix("=\"") {
                Some(rest) => {
                    let (value, rest) = rest.split_once('"').expect("a value ends");
                    self.rest = rest;
                    unescape(value)
                }
                None => String::new(),
            };
            attributes.insert(name, value);
        }
    }
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let (entity, after) = after.split_once(';').expect("an entity ends");
        match entity {
            "amp" => plain.push('&'),
            "lt" => plain.push('<'),
            "gt" => plain.push('>'),
            "quot" => plain.push('"'),
            "#x27" | "#39" => plain.push('\''),
            "#x2F" => plain.push('/'),
            other => write!(plain, "&{other};").expect("a string takes text"),
        }
        rest = after;
    }
    plain.push_str(rest);
    plain
}
