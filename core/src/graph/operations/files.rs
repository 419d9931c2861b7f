//! Files of the owner's OneDrive, by path, and the sessions by which large ones go up. Sources: the `driveItem` pages and "attachment:
//! createUploadSession" of Microsoft Graph v1.0. Reading needs Files.Read, writing Files.ReadWrite.
//!
//! An item's `@microsoft.graph.downloadUrl` opens its bytes to whoever has it, so it is asked for by [`download_link`] alone.

use http::Method;
use serde_json::{Map, Value};

use super::{invalid, pages};
use crate::Error;
use crate::graph::wire::encode;
use crate::graph::{Call, Content, Expect, Page, Request, Safety, Target};

const READ: &str = "Files.Read";
const WRITE: &str = "Files.ReadWrite";
const ITEM: &str =
    "id,name,size,eTag,cTag,file,folder,package,parentReference,createdDateTime,lastModifiedDateTime,createdBy,lastModifiedBy,webUrl";
/// Where an item says how to get at its bytes.
pub const DOWNLOAD_LINK: &str = "@microsoft.graph.downloadUrl";

/// What is in a folder; `path` like `Documents/Plans`, empty for the root.
pub fn list(path: &str) -> Result<Call<Page<Value>>, Error> {
    Ok(pages(at(Method::GET, path, "children", READ)?.query("$select", ITEM).query("$top", "200")))
}

/// A file or folder.
pub fn get(path: &str) -> Result<Call<Value>, Error> {
    Ok(Call::of(at(Method::GET, path, "", READ)?.query("$select", ITEM)))
}

/// A file together with the address of its bytes, which works for some minutes and without a token.
pub fn download_link(path: &str) -> Result<Call<Value>, Error> {
    named(path)?;
    Ok(Call::of(at(Method::GET, path, "", READ)?.query("$select", ["id,name,size,file,", DOWNLOAD_LINK].concat())))
}

/// A small file, new or in the place of the one that is there ("Upload or replace the contents of a driveItem"; at most 4 MiB).
pub fn put(path: &str, content: Content) -> Result<Call<Value>, Error> {
    named(path)?;
    let mut request = at(Method::PUT, path, "content", WRITE)?;
    request.content = Some(content);
    request.safety = Safety::Idempotent;
    Ok(Call::of(request))
}

/// A session for a file of any size, which replaces the one that is there ("driveItem: createUploadSession"). One that is not used expires.
pub fn session(path: &str) -> Result<Call<Value>, Error> {
    named(path)?;
    let mut item = Map::new();
    item.insert("@microsoft.graph.conflictBehavior".into(), "replace".into());
    let mut body = Map::new();
    body.insert("item".into(), Value::Object(item));
    Ok(Call::of(at(Method::POST, path, "createUploadSession", WRITE)?.body(Value::Object(body), Safety::Idempotent)))
}

/// A session for an attachment of 3 to 150 MB of an event or a message ("attachment: createUploadSession"; Calendars.ReadWrite or
/// Mail.ReadWrite). `name` and `size` are the file's.
#[must_use]
pub fn attachment_session(of: AttachedTo<'_>, name: &str, size: u64) -> Call<Value> {
    let (collection, id, scope) = match of {
        AttachedTo::Event(id) => ("events", id, "Calendars.ReadWrite"),
        AttachedTo::Message(id) => ("messages", id, "Mail.ReadWrite"),
    };
    let mut item = Map::new();
    item.insert("attachmentType".into(), "file".into());
    item.insert("name".into(), name.into());
    item.insert("size".into(), size.into());
    let mut body = Map::new();
    body.insert("AttachmentItem".into(), Value::Object(item));
    let segments = [collection, id, "attachments", "createUploadSession"];
    Call::of(Request::mailbox(Method::POST, &segments, scope).body(Value::Object(body), Safety::Idempotent).timeless())
}

/// What a file is attached to, by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachedTo<'a> {
    /// An event.
    Event(&'a str),
    /// A message that has not been sent.
    Message(&'a str),
}

/// A file or folder into the recycle bin; what is gone already counts as deleted.
pub fn delete(path: &str) -> Result<Call<Value>, Error> {
    named(path)?;
    let mut request = at(Method::DELETE, path, "", WRITE)?;
    request.safety = Safety::Idempotent;
    request.expect = Expect::Gone;
    Ok(Call::of(request))
}

/// The root is no file.
fn named(path: &str) -> Result<(), Error> {
    if names(path).next().is_some() { Ok(()) } else { Err(invalid("path", "must name a file, e.g. Documents/plan.docx.")) }
}

fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|name| !name.is_empty())
}

/// `/me/drive/root:/a/b:/operation`, or `/me/drive/root/operation` for the root ("Addressing resources in a drive").
fn at(method: Method, path: &str, operation: &str, scope: &str) -> Result<Request, Error> {
    let mut address = String::from("/me/drive/root");
    let mut inside = false;
    for name in names(path) {
        if matches!(name.trim(), "" | "." | "..") {
            return Err(invalid("path", "must not hold `.` or `..`; begin at the root of the drive."));
        }
        address.push_str(if inside { "/" } else { ":/" });
        encode(&mut address, name, b"$@");
        inside = true;
    }
    if !operation.is_empty() {
        address.push_str(if inside { ":/" } else { "/" });
        address.push_str(operation);
    }
    let mut request = Request::new(method, Target::Path(address)).timeless();
    request.scopes.push(scope.into());
    Ok(request)
}
