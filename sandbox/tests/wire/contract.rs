//! The description of Graph: `openapi.json`. Owns finding and compiling its schemas; leaves what is compared with them to `check`.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    rc::Rc,
};

use jsonschema::{Registry, ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Value, json};

use crate::operations::Templates;

const FILE: &str = "graph/openapi.json";
const NAME: &str = "urn:graph";
const COMPONENT: &str = "#/components/schemas/";

/// The description, read once.
pub(crate) struct Contract {
    document: Value,
    templates: Templates,
    compiled: RefCell<HashMap<String, Rc<Validator>>>,
}

/// What a schema says of an object's members.
#[derive(Default)]
pub(crate) struct Members<'a> {
    pub(crate) named: BTreeMap<&'a str, &'a Value>,
    /// Others may occur.
    pub(crate) open: bool,
}

impl Contract {
    /// `None` where the collection is not beside the project. `CONVOKE_SHARED` names another place for it.
    pub(crate) fn load() -> Option<Self> {
        let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
        let shared = std::env::var_os("CONVOKE_SHARED").map_or_else(beside, PathBuf::from);
        let text = match fs::read_to_string(shared.join(FILE)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            read => read.unwrap(),
        };
        let document: Value = serde_json::from_str(&text).unwrap();
        let templates = Templates::new(document["paths"].as_object().unwrap().keys().map(String::as_str));
        Some(Self { document, templates, compiled: RefCell::default() })
    }

    /// The operation of a request, and its template: the described one that fits best and has the method.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let method = method.to_ascii_lowercase();
        self.templates.matching(path).into_iter().find_map(|template| Some((template, self.path(template).get(&method)?)))
    }

    /// All that is said of a path.
    pub(crate) fn path(&self, template: &str) -> &Value {
        &self.document["paths"][template]
    }

    /// What a reference leads to.
    pub(crate) fn follow<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("no {reference}")),
            None => value,
        }
    }

    /// The schema of a type, by its name without `#`.
    pub(crate) fn component(&self, name: &str) -> Option<&Value> {
        self.document["components"]["schemas"].get(name)
    }

    /// The name of the type that a schema refers to, `null` aside.
    pub(crate) fn type_name<'a>(&self, schema: &'a Value) -> Option<&'a str> {
        let one = schema["anyOf"].as_array().map_or(Some(schema), |choices| only(choices));
        one.and_then(|schema| schema["$ref"].as_str())?.strip_prefix(COMPONENT)
    }

    /// Whether a type is another or derives from it.
    pub(crate) fn derives(&self, name: &str, base: &str) -> bool {
        name == base
            || self.component(name).and_then(|schema| schema["allOf"].as_array()).is_some_and(|parts| {
                parts.iter().filter_map(|part| part["$ref"].as_str()?.strip_prefix(COMPONENT)).any(|parent| self.derives(parent, base))
            })
    }

    /// The types that derive from one, itself among them.
    pub(crate) fn family<'a>(&'a self, base: &'a str) -> impl Iterator<Item = &'a str> {
        let all = self.document["components"]["schemas"].as_object().unwrap().keys().map(String::as_str);
        all.filter(move |name| self.derives(name, base))
    }

    /// The members that a schema names, its bases' among them.
    pub(crate) fn members<'a>(&'a self, schema: &'a Value) -> Members<'a> {
        let mut members = Members::default();
        self.collect(schema, &mut members);
        members
    }

    fn collect<'a>(&'a self, schema: &'a Value, members: &mut Members<'a>) {
        let schema = self.follow(schema);
        if schema["type"] == "null" {
            return;
        }
        for part in ["allOf", "anyOf"].into_iter().filter_map(|name| schema[name].as_array()).flatten() {
            self.collect(part, members);
        }
        let silent = ["properties", "allOf", "anyOf"].iter().all(|name| schema.get(name).is_none());
        // Open types are taken for closed: what is in them beside their members are extensions, which neither side makes.
        members.open |= silent || schema.get("additionalProperties").is_some_and(|rest| *rest != false);
        members.named.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, schema)| (name.as_str(), schema)));
    }

    /// What is wrong with a value, by JSON pointer. `place` names the schema, so that it is compiled once.
    pub(crate) fn errors(&self, place: &str, schema: &Value, value: &Value) -> Vec<(String, String)> {
        let known = self.compiled.borrow().get(place).cloned();
        let validator = known.unwrap_or_else(|| {
            let made = Rc::new(self.compile(schema));
            self.compiled.borrow_mut().insert(place.to_owned(), Rc::clone(&made));
            made
        });
        let mut found = Vec::new();
        for error in validator.iter_errors(value) {
            leaves(&error, &mut found);
        }
        found
    }

    fn compile(&self, schema: &Value) -> Validator {
        let text = schema.to_string().replace("\"$ref\":\"#/", &format!("\"$ref\":\"{NAME}#/"));
        let schema: Value = serde_json::from_str(&text).unwrap();
        let schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema] });
        let registry = Registry::new().add(NAME, &self.document).unwrap().prepare().unwrap();
        jsonschema::options().with_registry(&registry).build(&schema).unwrap()
    }
}

/// The one choice that is not `null`.
pub(crate) fn only(choices: &[Value]) -> Option<&Value> {
    let mut others = choices.iter().filter(|choice| choice["type"] != "null");
    others.next().filter(|_| others.next().is_none())
}

/// The causes rather than "fits none of the choices".
fn leaves(error: &ValidationError<'_>, found: &mut Vec<(String, String)>) {
    if let ValidationErrorKind::AnyOf { context } = error.kind()
        && let Some(first) = context.first()
        && !error.instance().is_null()
    {
        first.iter().for_each(|cause| leaves(cause, found));
        return;
    }
    found.push((error.instance_path().to_string(), error.masked_with("the value").to_string()));
}
