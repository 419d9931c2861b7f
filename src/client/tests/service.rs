//! A scripted service that remembers: what was booked, answered, deleted and uploaded, so that afterwards every wish can be held against what
//! became of it. Faults strike before or after the deed.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use convoke_core::ErrorCode;
use serde_json::{Value, json};

use super::world::{Reply, Sent};

/// One thing that may happen to a request.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    None,
    /// A refusal: nothing was done.
    Status(u16, Option<u16>),
    /// No answer; `true`: although it was done.
    Failure(ErrorCode, bool),
    /// A refusal although it was done.
    Lie(u16),
    Challenge,
    ForeignLink,
    Loop,
    /// One item of a batch, or the list's memory, has the fault.
    Part(u16, Option<u16>),
}

/// What the service has.
#[derive(Default)]
pub(super) struct Stored {
    /// Events by transaction, with how often they were made.
    pub(super) events: HashMap<String, u32>,
    /// How often each invitation was answered.
    pub(super) answers: HashMap<String, u32>,
    /// Files by session: how many bytes have arrived.
    sessions: HashMap<String, u64>,
    /// How many sessions there have been.
    begun: usize,
    /// Files by path.
    pub(super) files: HashMap<String, u64>,
    /// The watched list: versions by id.
    pub(super) list: BTreeMap<String, u32>,
    /// What each delta token stands for.
    tokens: Vec<BTreeMap<String, u32>>,
}

#[derive(Clone, Default)]
pub(super) struct Service(pub(super) Rc<RefCell<Stored>>);

impl Service {
    pub(super) fn answer(&self, fault: &Fault, sent: &Sent, after_ms: u32) -> Reply {
        let batch = sent.body["requests"].is_array();
        let mut reply = match fault {
            Fault::Status(status, wait) => refusal(*status, *wait),
            Fault::Failure(code, false) => Reply::failure(*code),
            Fault::Failure(code, true) => {
                self.perform(sent, None);
                Reply::failure(*code)
            }
            Fault::Lie(status) => {
                self.perform(sent, None);
                refusal(*status, None)
            }
            Fault::Challenge => Reply::refusal(401, "InvalidAuthenticationToken", None),
            Fault::Part(status, wait) if batch => Reply::json(200, self.perform(sent, Some((*status, *wait))).1),
            Fault::Part(..) if sent.path.contains("deltatoken") => Reply::refusal(410, "syncStateNotFound", None),
            Fault::None | Fault::Part(..) | Fault::ForeignLink | Fault::Loop => {
                let (status, mut body) = self.perform(sent, None);
                if status == 200 && body["value"].is_array() && body["@odata.deltaLink"].is_null() {
                    match fault {
                        Fault::ForeignLink => body["@odata.nextLink"] = "https://evil.example/v1.0/users?$skiptoken=1".into(),
                        Fault::Loop => body["@odata.nextLink"] = "https://graph.example/v1.0/users?$skiptoken=again".into(),
                        _ => {}
                    }
                }
                Reply::json(status, body)
            }
        };
        reply.after_ms = after_ms;
        reply
    }

    fn perform(&self, sent: &Sent, part: Option<(u16, Option<u16>)>) -> (u16, Value) {
        if let Some(items) = sent.body["requests"].as_array() {
            let each = |(index, item): (usize, &Value)| {
                if let (0, Some((status, wait))) = (index, part) {
                    return json!({"id": item["id"], "status": status, "headers": {"Retry-After": wait.map(|wait| wait.to_string())}, "body": {"error": {"code": "x"}}});
                }
                let (status, body) = self.one(item["method"].as_str().unwrap(), item["url"].as_str().unwrap(), &item["body"], "");
                json!({"id": item["id"], "status": status, "body": body})
            };
            return (200, json!({"responses": items.iter().enumerate().map(each).collect::<Vec<_>>()}));
        }
        let path = if sent.host == "up.example" { &sent.path } else { sent.path.trim_start_matches("/v1.0") };
        self.one(&sent.method, path, &sent.body, &sent.range)
    }

    fn one(&self, method: &str, path: &str, body: &Value, range: &str) -> (u16, Value) {
        let mut stored = self.0.borrow_mut();
        let bare = path.split('?').next().unwrap();
        let name = bare.rsplit('/').next().unwrap().to_owned();
        match (method, name.as_str()) {
            ("POST", "events") => {
                *stored.events.entry(body["transactionId"].as_str().unwrap().to_owned()).or_default() = 1;
                (201, json!({"id": "made"}))
            }
            ("POST", "accept") => {
                *stored.answers.entry(bare.to_owned()).or_default() += 1;
                (202, Value::Null)
            }
            ("POST", "createUploadSession") => {
                stored.begun += 1;
                let session = format!("s{}", stored.begun);
                stored.sessions.insert(session.clone(), 0);
                (200, json!({"uploadUrl": format!("https://up.example/{session}{}", file_of(bare))}))
            }
            (_, _) if bare.starts_with("/s") && bare.contains("/file") => part_of_file(&mut stored, method, bare, range),
            ("GET", _) if bare.contains("/drive/") => {
                let size = stored.files.get(file_of(bare).trim_start_matches('/'));
                size.map_or((404, json!({"error": {"code": "itemNotFound"}})), |size| (200, json!({"id": "f", "size": size})))
            }
            ("GET", "delta") => changes(&mut stored, path),
            ("DELETE", _) => (204, Value::Null),
            _ => (200, json!({"id": "1", "value": [{"id": path}]})),
        }
    }
}

fn refusal(status: u16, wait: Option<u16>) -> Reply {
    Reply::refusal(status, "x", wait.map(|wait| wait.to_string()).as_deref())
}

/// `/file7` out of `/me/drive/root:/file7:/createUploadSession`.
fn file_of(path: &str) -> String {
    let start = path.find("/file").unwrap();
    path[start..].split(':').next().unwrap().to_owned()
}

fn part_of_file(stored: &mut Stored, method: &str, path: &str, range: &str) -> (u16, Value) {
    let (session, file) = path.trim_start_matches('/').split_once('/').unwrap();
    let Some(have) = stored.sessions.get_mut(session) else { return (404, json!({"error": {"code": "itemNotFound"}})) };
    if method == "DELETE" {
        stored.sessions.remove(session);
        return (204, Value::Null);
    }
    if method == "PUT" {
        let (first, rest) = range.trim_start_matches("bytes ").split_once('-').unwrap();
        let (last, total) = rest.split_once('/').unwrap();
        let (first, last, total): (u64, u64, u64) = (first.parse().unwrap(), last.parse().unwrap(), total.parse().unwrap());
        if first != *have {
            return (416, json!({"error": {"code": "invalidRange"}}));
        }
        *have = last + 1;
        if *have == total {
            stored.sessions.remove(session);
            stored.files.insert(file.to_owned(), total);
            return (201, json!({"id": "f", "size": total}));
        }
    }
    (202, json!({"nextExpectedRanges": [format!("{have}-")]}))
}

/// A round of one page: what differs from what the token stands for.
fn changes(stored: &mut Stored, path: &str) -> (u16, Value) {
    let token = path.rsplit_once("deltatoken=").and_then(|(_, token)| token.parse::<usize>().ok());
    let known = token.map_or_else(BTreeMap::new, |token| stored.tokens[token].clone());
    let item = |(id, version): (&String, &u32)| json!({"id": id, "@odata.etag": version.to_string()});
    let mut items: Vec<Value> = stored.list.iter().filter(|(id, version)| known.get(*id) != Some(version)).map(item).collect();
    let gone = known.keys().filter(|id| !stored.list.contains_key(*id));
    items.extend(gone.map(|id| json!({"id": id, "@removed": {"reason": "deleted"}})));
    stored.tokens.push(stored.list.clone());
    let link = format!("https://graph.example/v1.0/me/calendarView/delta?$deltatoken={}", stored.tokens.len() - 1);
    (200, json!({"value": items, "@odata.deltaLink": link}))
}
