//! OData query options over rendered items. Owns `$select $filter $orderby $top $skip $count` and paging; leaves which of them an operation
//! has, and `$search` and `$expand`, to the operation.

mod filter;

use serde_json::{Map, Value, json};

use self::filter::Filter;
use super::{
    error::{Error, Result},
    reply::Reply,
    request::Call,
};
use crate::world::ids;

/// How a collection pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paging {
    pub(crate) default: usize,
    pub(crate) most: usize,
    /// Links carry `$skiptoken` and `$skip` is refused, as in the directory; otherwise `$skip`.
    pub(crate) by_token: bool,
    /// `$filter` that is more than equality and prefixes, `$count` and both options together want `ConsistencyLevel: eventual`.
    pub(crate) directory: bool,
}

impl Paging {
    /// Outlook's items.
    pub(crate) const OUTLOOK: Self = Self { default: 10, most: 1000, by_token: false, directory: false };
    /// Users and groups.
    pub(crate) const DIRECTORY: Self = Self { default: 100, most: 999, by_token: true, directory: true };
    /// Places.
    pub(crate) const PLACES: Self = Self { default: 100, most: 1000, by_token: false, directory: false };
    /// Files.
    pub(crate) const FILES: Self = Self { default: 200, most: 1000, by_token: true, directory: false };
}

/// An item as the options see it (`probe`: times in UTC, everything present), and as it is shown.
pub(crate) trait Row {
    /// For `$filter` and `$orderby`.
    fn probe(&self) -> Value;
    /// The same, where these members alone will be looked at, in whatever spelling.
    fn probe_of(&self, _names: &[&str]) -> Value {
        self.probe()
    }
    /// For the answer, before `$select`.
    fn show(&self) -> Value;
}

impl Row for Value {
    fn probe(&self) -> Value {
        self.clone()
    }

    fn show(&self) -> Value {
        self.clone()
    }
}

/// Answers a collection: filtered, ordered, one page, selected, with a link to the next page.
pub(crate) fn collection<T: Row>(call: &Call<'_>, context: &str, rows: Vec<T>, paging: Paging) -> Result {
    let rows = arranged(call, rows, paging)?;
    let total = rows.len();
    let skip = skip(call, paging)?;
    let size = page_size(call, paging)?;
    let select = Select::read(call);
    let page: Vec<Value> = rows.iter().skip(skip).take(size).map(|row| select.apply(row.show())).collect();
    let mut answer = Map::new();
    answer.insert("@odata.context".to_owned(), Value::from(call.context(&format!("{context}{}", select.suffix()))));
    // The directory counts on the first page only.
    if counted(call)? && (skip == 0 || !paging.directory) {
        answer.insert("@odata.count".to_owned(), Value::from(total));
    }
    if skip.saturating_add(size) < total && size > 0 {
        let next = skip + page.len();
        let link = if paging.by_token {
            call.link(&["$skiptoken"], &[("$skiptoken", &ids::token(next as u64))])
        } else {
            call.link(&["$skip"], &[("$skip", &next.to_string())])
        };
        answer.insert("@odata.nextLink".to_owned(), Value::from(link));
    }
    answer.insert("value".to_owned(), Value::from(page));
    Ok(Reply::ok(Value::Object(answer)))
}

/// Answers one entity.
pub(crate) fn entity(call: &Call<'_>, context: &str, item: Value) -> Reply {
    let select = Select::read(call);
    Reply::ok(with_context(call, &format!("{context}{}/$entity", select.suffix()), select.apply(item)))
}

/// An object with `@odata.context` in front.
pub(crate) fn with_context(call: &Call<'_>, context: &str, item: Value) -> Value {
    let mut object = Map::new();
    object.insert("@odata.context".to_owned(), Value::from(call.context(context)));
    if let Value::Object(members) = item {
        object.extend(members);
    }
    Value::Object(object)
}

/// Answers `/$count`.
pub(crate) fn count<T: Row>(call: &Call<'_>, rows: Vec<T>, paging: Paging) -> Result {
    if paging.directory && !call.eventual() {
        return Err(Error::new(400, "Request_BadRequest", "$count is not currently supported."));
    }
    Ok(Reply::count(arranged(call, rows, paging)?.len()))
}

fn arranged<T: Row>(call: &Call<'_>, mut rows: Vec<T>, paging: Paging) -> Result<Vec<T>> {
    let filter = call.option("$filter").map(Filter::parse).transpose()?;
    let order = call.option("$orderby");
    if paging.directory && !call.eventual() && (filter.as_ref().is_some_and(Filter::is_advanced) || (filter.is_some() && order.is_some())) {
        let message = "Query is not supported without the header ConsistencyLevel: eventual and the parameter $count=true.";
        return Err(Error::new(400, "Request_UnsupportedQuery", message));
    }
    if let Some(filter) = &filter {
        rows = kept(rows, filter)?;
    }
    if let Some(order) = order {
        rows = ordered(rows, order)?;
    }
    Ok(rows)
}

fn kept<T: Row>(mut rows: Vec<T>, filter: &Filter) -> Result<Vec<T>> {
    let names = filter.names();
    let mut failure = None;
    rows.retain(|row| {
        filter.holds(&row.probe_of(&names)).unwrap_or_else(|error| {
            failure = Some(error);
            false
        })
    });
    failure.map_or(Ok(rows), Err)
}

/// The rows that a filter of the service's own keeps, such as a search folder's.
pub(crate) fn filtered<T: Row>(rows: Vec<T>, filter: &str) -> Result<Vec<T>> {
    kept(rows, &Filter::parse(filter)?)
}

/// Refuses a filter that cannot be read.
pub(crate) fn check_filter(filter: &str) -> Result<()> {
    Filter::parse(filter).map(drop)
}

fn ordered<T: Row>(rows: Vec<T>, order: &str) -> Result<Vec<T>> {
    let mut keys = Vec::new();
    for part in order.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let mut words = part.split_whitespace();
        let path = words.next().unwrap_or_default();
        let descending = match words.next().map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(other) => return Err(Error::query(format!("Invalid direction '{other}' in $orderby."))),
        };
        keys.push((path.to_owned(), descending));
    }
    let names: Vec<&str> = keys.iter().filter_map(|(path, _)| path.split('/').next()).collect();
    let values = |row: &T| {
        let probe = row.probe_of(&names);
        keys.iter().map(|(path, _)| filter::at(&probe, path)).collect::<Vec<Value>>()
    };
    let mut keyed: Vec<(Vec<Value>, T)> = rows.into_iter().map(|row| (values(&row), row)).collect();
    keyed.sort_by(|(one, _), (other, _)| {
        let by = |((one, other), (_, descending)): ((&Value, &Value), &(String, bool))| {
            let ordering = filter::compare(one, other);
            if *descending { ordering.reverse() } else { ordering }
        };
        one.iter().zip(other).zip(&keys).map(by).find(|ordering| ordering.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    Ok(keyed.into_iter().map(|(_, row)| row).collect())
}

fn counted(call: &Call<'_>) -> Result<bool> {
    match call.option("$count").map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(Error::query(format!("Invalid value '{other}' for $count."))),
    }
}

fn skip(call: &Call<'_>, paging: Paging) -> Result<usize> {
    if let Some(token) = call.option("$skiptoken") {
        let number = ids::token_number(token).and_then(|number| usize::try_from(number).ok());
        return number.ok_or_else(|| Error::query("The skip token is not valid."));
    }
    match call.option("$skip") {
        None => Ok(0),
        Some(_) if paging.by_token => Err(Error::new(400, "Request_UnsupportedQuery", "'$skip' is not supported by the service.")),
        Some(text) => text.parse().map_err(|_| Error::query(format!("Invalid value '{text}' for $skip query option."))),
    }
}

/// How many items one page has.
pub(crate) fn page_size(call: &Call<'_>, paging: Paging) -> Result<usize> {
    let most = paging.most;
    match call.option("$top") {
        Some(text) => match text.parse::<usize>() {
            Ok(size) if (1..=most).contains(&size) => Ok(size.min(call.prefer.max_page_size.unwrap_or(most))),
            _ => Err(Error::query(format!("Invalid value '{text}' for $top query option: expected 1 to {most}."))),
        },
        None => Ok(call.prefer.max_page_size.unwrap_or(paging.default).clamp(1, most)),
    }
}

/// `$select`.
#[derive(Debug, Clone)]
pub(crate) struct Select {
    names: Vec<String>,
    /// What `$expand` names is shown, selected or not.
    expanded: Vec<String>,
}

impl Select {
    pub(crate) fn read(call: &Call<'_>) -> Self {
        let names = call.option("$select").into_iter().flat_map(|list| list.split(','));
        let names = names.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty() && name != "*").collect();
        // What stands in parentheses are the expanded ones' own options; a cast may precede a name.
        let mut depth = 0_usize;
        let outside: String = call
            .option("$expand")
            .unwrap_or_default()
            .chars()
            .filter(|letter| {
                match letter {
                    '(' => depth += 1,
                    ')' => depth = depth.saturating_sub(1),
                    _ => return depth == 0,
                }
                false
            })
            .collect();
        let expanded = outside.split(',').filter_map(|name| name.trim().rsplit('/').next().map(str::to_owned)).collect();
        Self { names, expanded }
    }

    /// These properties.
    pub(crate) fn of(names: &[&str]) -> Self {
        Self { names: names.iter().map(|name| (*name).to_owned()).collect(), expanded: Vec::new() }
    }

    /// Whether a property was asked for by name.
    pub(crate) fn names(&self, property: &str) -> bool {
        self.names.iter().any(|name| name.split('/').next().unwrap_or(name).eq_ignore_ascii_case(property))
    }

    /// Whether everything is wanted.
    pub(crate) fn is_all(&self) -> bool {
        self.names.is_empty()
    }

    /// `(a,b)` for the context, or nothing.
    pub(crate) fn suffix(&self) -> String {
        if self.names.is_empty() { String::new() } else { format!("({})", self.names.join(",")) }
    }

    /// Leaves the selected members, the id and annotations. Unknown names are ignored, as Graph often does.
    pub(crate) fn apply(&self, item: Value) -> Value {
        let Value::Object(members) = item else { return item };
        if self.names.is_empty() {
            return Value::Object(members);
        }
        // Outlook keeps the two in step, also here (event: get).
        let with_location = |name: &str| name == "locations" && self.names("location");
        let expanded = |name: &str| self.expanded.iter().any(|expanded| expanded.eq_ignore_ascii_case(name));
        let kept = |name: &str| name == "id" || name.contains('@') || self.names(name) || expanded(name) || with_location(name);
        Value::Object(members.into_iter().filter(|(name, _)| kept(name)).collect())
    }
}

/// An empty collection's answer shape for operations that never page.
pub(crate) fn plain(call: &Call<'_>, context: &str, items: Vec<Value>) -> Reply {
    Reply::ok(json!({ "@odata.context": call.context(context), "value": items }))
}
