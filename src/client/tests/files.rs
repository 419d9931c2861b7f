//! Files up and down: parts, sessions, lost answers, and who sees the token.

use std::{cell::RefCell, rc::Rc};

use convoke_core::{ErrorCode, graph::operations::files::AttachedTo};
use serde_json::{Value, json};

use super::super::{Abort, Source};
use super::world::{Reply, Sent, World};

const MIB: u64 = 1024 * 1024;

fn source(size: u64) -> Source {
    Source {
        size,
        media_type: "text/plain".into(),
        read: Rc::new(|range| Box::pin(async move { Ok(vec![b'x'; usize::try_from(range.end - range.start).unwrap()]) })),
    }
}

/// A drive that takes parts in order. `trouble` may answer in its place, before or after the part was taken.
struct Drive {
    have: u64,
    size: u64,
}

impl Drive {
    fn take(&mut self, sent: &Sent) -> Reply {
        if sent.path.ends_with("createUploadSession") {
            self.have = 0;
            return Reply::json(200, json!({"uploadUrl": "https://up.example/session"}));
        }
        if sent.host != "up.example" {
            return Reply::json(200, json!({"id": "f", "size": self.have, "file": {}}));
        }
        if self.have == self.size {
            return Reply::refusal(404, "itemNotFound", None);
        }
        if sent.method == "PUT" {
            let (first, rest) = sent.range.trim_start_matches("bytes ").split_once('-').unwrap();
            let last: u64 = rest.split('/').next().unwrap().parse().unwrap();
            assert_eq!(last + 1 - first.parse::<u64>().unwrap(), sent.length);
            if first.parse::<u64>().unwrap() != self.have {
                return Reply::refusal(416, "invalidRange", None);
            }
            self.have = last + 1;
        }
        if sent.method == "DELETE" {
            return Reply::json(204, Value::Null);
        }
        if self.have == self.size {
            return Reply::json(201, json!({"id": "f", "size": self.size}));
        }
        Reply::json(202, json!({"nextExpectedRanges": [format!("{}-", self.have)]}))
    }
}

/// A world with a drive; `trouble(count, taken)` is asked for each request to a session.
fn world(size: u64, mut trouble: impl FnMut(usize, Reply) -> Reply + 'static) -> World {
    let mut drive = Drive { have: 0, size };
    let mut count = 0;
    World::new(move |sent| {
        let reply = drive.take(sent);
        if sent.host != "up.example" {
            return reply;
        }
        count += 1;
        trouble(count, reply)
    })
}

fn upload(world: &World, size: u64) -> (Result<Value, ErrorCode>, Vec<(u64, u64)>) {
    let client = world.client();
    world.run(async move {
        let progress = Rc::new(RefCell::new(Vec::new()));
        let counted = progress.clone();
        let answer =
            client.upload("Docs/big.bin", &source(size), &Abort::new(), move |sent, total| counted.borrow_mut().push((sent, total))).await;
        (answer.map_err(|error| error.code()), progress.take())
    })
}

#[test]
fn a_small_file_is_one_request() {
    let world = World::new(|_| Reply::json(201, json!({"id": "f"})));
    assert_eq!(upload(&world, 3), (Ok(json!({"id": "f"})), vec![(3, 3)]));
    let sent = &world.sent()[0];
    assert_eq!((sent.method.as_str(), sent.path.as_str(), sent.length), ("PUT", "/v1.0/me/drive/root:/Docs/big.bin:/content", 3));
    assert!(sent.bearer.expose().starts_with("Bearer "));
}

#[test]
fn a_large_file_goes_up_in_parts_and_its_session_sees_no_token() {
    let size = 10 * MIB;
    let world = world(size, |_, reply| reply);
    let (answer, progress) = upload(&world, size);
    assert_eq!(answer.unwrap()["id"], "f");
    assert!(progress.is_sorted() && progress.last() == Some(&(size, size)), "{progress:?}");
    for sent in world.sent() {
        assert_eq!(sent.bearer.expose().is_empty(), sent.host == "up.example", "{sent:?}");
    }
    assert_eq!(world.sent().len(), 4);
}

#[test]
fn whatever_is_lost_on_the_way_is_made_up_for() {
    let size = 10 * MIB;
    for at in 1..=3 {
        for trouble in [Reply::failure(ErrorCode::Network), Reply::failure(ErrorCode::Timeout), Reply::refusal(503, "x", Some("2"))] {
            let world = world(size, move |count, reply| if count == at { trouble.clone() } else { reply });
            let (answer, _) = upload(&world, size);
            assert_eq!(answer.unwrap()["size"], size, "at {at}");
        }
    }
}

#[test]
fn giving_up_ends_the_session() {
    let world = world(100 * MIB, |_, reply| reply);
    let (client, clock) = (world.client(), world.clone());
    world.run(async move {
        let abort = Abort::new();
        let end = async {
            clock.sleep(450.0).await;
            abort.abort();
        };
        let file = source(100 * MIB);
        let (answer, ()) = futures::future::join(client.upload("a.bin", &file, &abort, |_, _| {}), end).await;
        assert_eq!(answer.unwrap_err().code(), ErrorCode::Aborted);
    });
    let last = world.sent().pop().unwrap();
    assert_eq!((last.method.as_str(), last.host.as_str()), ("DELETE", "up.example"));
}

#[test]
fn an_attachment_goes_up_by_a_session_of_its_own() {
    let world = world(5 * MIB, |_, reply| reply);
    let client = world.client();
    world.run(async move { client.attach(AttachedTo::Event("e"), "a.bin", &source(5 * MIB), &Abort::new(), |_, _| {}).await.unwrap() });
    let first = &world.sent()[0];
    assert_eq!(first.path, "/v1.0/me/events/e/attachments/createUploadSession");
    assert_eq!(first.body["AttachmentItem"], json!({"attachmentType": "file", "name": "a.bin", "size": 5 * MIB}));
}

#[test]
fn a_session_at_an_open_address_is_refused() {
    let world = World::new(|_| Reply::json(200, json!({"uploadUrl": "http://up.example/session"})));
    assert_eq!(upload(&world, 5 * MIB).0, Err(ErrorCode::HostNotAllowed));
    assert_eq!(world.sent().len(), 1);
}

#[test]
fn a_download_s_address_gets_no_token_and_is_renewed_once() {
    let mut expired = true;
    let world = World::new(move |sent| {
        if sent.host == "graph.example" {
            Reply::json(
                200,
                json!({"size": 9, "file": {"mimeType": "a/b"}, "@microsoft.graph.downloadUrl": "https://files.example/secret"}),
            )
        } else if std::mem::take(&mut expired) {
            Reply::refusal(401, "unauthenticated", None)
        } else {
            Reply::json(200, json!({"a": "b"}))
        }
    });
    let client = world.client();
    let file = world.run(async move { client.download("a.bin", &Abort::new()).await.unwrap() });
    assert_eq!((file.media_type.as_str(), file.bytes.as_slice()), ("a/b", br#"{"a":"b"}"#.as_slice()));
    let hosts: Vec<(String, bool)> = world.sent().into_iter().map(|sent| (sent.host, sent.bearer.expose().is_empty())).collect();
    let expected = [("graph.example", false), ("files.example", true), ("graph.example", false), ("files.example", true)];
    assert_eq!(hosts, expected.map(|(host, bare)| (host.to_owned(), bare)));
}

#[test]
fn half_a_file_is_none() {
    let world = World::new(|sent| {
        if sent.host == "graph.example" {
            Reply::json(200, json!({"size": 99, "file": {}, "@microsoft.graph.downloadUrl": "https://files.example/secret"}))
        } else {
            Reply::json(200, json!({"a": "b"}))
        }
    });
    let client = world.client();
    assert_eq!(world.run(async move { client.download("a.bin", &Abort::new()).await.unwrap_err().code() }), ErrorCode::InvalidResponse);
}
