//! Which described operation an address is. Owns comparing addresses with templates, as Graph does: names without regard to case, with or
//! without a namespace's first part, functions with or without parentheses.

use percent_encoding::percent_decode_str;

/// Templates of a description's paths.
pub(crate) struct Templates(Vec<(String, Vec<String>)>);

impl Templates {
    pub(crate) fn new<'a>(templates: impl Iterator<Item = &'a str>) -> Self {
        Self(templates.map(|template| (template.to_owned(), template.split('/').skip(1).map(str::to_owned).collect())).collect())
    }

    /// The templates that fit a path below `/v1.0`, the one with the most names first.
    pub(crate) fn matching(&self, path: &str) -> Vec<&str> {
        let segments = segments(path);
        let mut found: Vec<(usize, &str)> = variants(&segments)
            .iter()
            .flat_map(|segments| self.0.iter().filter(|(_, template)| fits(template, segments)))
            .map(|(name, template)| (template.iter().filter(|segment| segment.starts_with('{')).count(), name.as_str()))
            .collect();
        found.sort();
        found.into_iter().map(|(_, name)| name).collect()
    }
}

fn fits(template: &[String], segments: &[String]) -> bool {
    template.len() == segments.len() && template.iter().zip(segments).all(|(template, segment)| one_fits(template, segment))
}

fn one_fits(template: &str, segment: &str) -> bool {
    if template.starts_with('{') {
        // A name of Graph's own is nobody's id.
        return template.ends_with(':') == segment.ends_with(':')
            && segment != "delta"
            && !segment.starts_with("$value")
            && segment != "$count";
    }
    let segment = segment.strip_prefix("microsoft.").unwrap_or(segment);
    match (template.split_once('('), segment.split_once('(')) {
        (Some((name, arguments)), None) => arguments == ")" && name.eq_ignore_ascii_case(segment),
        (Some((name, arguments)), Some((called, given))) => name.eq_ignore_ascii_case(called) && (arguments == ")") == (given == ")"),
        (None, _) => template.eq_ignore_ascii_case(segment),
    }
}

/// Segments, with a drive's path of names as one, and `events('id')` as two.
fn segments(path: &str) -> Vec<String> {
    let path = path.split('?').next().unwrap_or_default().trim_matches('/');
    let (before, names) = path.split_once("root:/").map_or((path, None), |(before, names)| (before, Some(names)));
    let decoded = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
    let keyed = |segment: String| match segment.strip_suffix("')").and_then(|rest| rest.split_once("('")) {
        Some((name, key)) => vec![name.to_lowercase(), key.to_owned()],
        None => vec![segment],
    };
    let mut segments: Vec<String> = before.split('/').filter(|segment| !segment.is_empty()).map(decoded).flat_map(keyed).collect();
    if let Some(names) = names {
        segments.push("root:".to_owned());
        match names.split_once(":/") {
            Some((_, action)) => segments.extend(["name:".to_owned(), action.to_owned()]),
            None => segments.push("name".to_owned()),
        }
    }
    segments
}

/// The description has some operations for one's own mailbox and drive alone; the documentation has them for everybody's.
fn variants(segments: &[String]) -> Vec<Vec<String>> {
    let mut variants = vec![segments.to_vec()];
    let names: Vec<&str> = segments.iter().map(String::as_str).collect();
    let own = |rest: &[&str]| ["me"].iter().chain(rest).map(|segment| (*segment).to_owned()).collect();
    match names.as_slice() {
        ["users", _, rest @ ..] if !rest.is_empty() => variants.push(own(rest)),
        ["drive", rest @ ..] => variants.push(own(&[&["drive"], rest].concat())),
        ["drives" | "groups", _, "drive", rest @ ..] => variants.push(own(&[&["drive"], rest].concat())),
        ["drives", _, rest @ ..] => variants.push(own(&[&["drive"], rest].concat())),
        _ => {}
    }
    variants
}

#[test]
fn addresses_find_their_templates() {
    let templates = Templates::new(
        [
            "/me/events/{event-id}",
            "/me/events/$count",
            "/me/events/delta()",
            "/me/drive/root:/{item-path}:/content",
            "/me/drive/root:/{item-path}",
            "/places/graph.room",
            "/me/drive/search(q='{q}')",
            "/users/{user-id}",
        ]
        .into_iter(),
    );
    let first = |path: &str| templates.matching(path).first().copied();
    assert_eq!(first("/me/Events/$count?$top=1"), Some("/me/events/$count"));
    assert_eq!(first("/me/events/delta"), Some("/me/events/delta()"));
    assert_eq!(first("/users/x/events/AAMk%3D"), Some("/me/events/{event-id}"));
    assert_eq!(first("/me/drive/root:/a/b.txt:/content"), Some("/me/drive/root:/{item-path}:/content"));
    assert_eq!(first("/me/drive/root:/a/b.txt"), Some("/me/drive/root:/{item-path}"));
    assert_eq!(first("/places/microsoft.graph.room"), Some("/places/graph.room"));
    assert_eq!(first("/me/drive/search(q='a%20b')"), Some("/me/drive/search(q='{q}')"));
    assert_eq!(first("/users('$x')"), Some("/users/{user-id}"));
    assert_eq!(first("/Users('x')/Events('y')?$top=1"), Some("/me/events/{event-id}"));
    assert_eq!(first("/groups/1/drive/root:/a"), Some("/me/drive/root:/{item-path}"));
    assert_eq!(first("/users/delta"), None);
    assert_eq!(first("/me/nothing"), None);
}
