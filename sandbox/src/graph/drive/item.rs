//! Drives and their items as JSON. Owns every member.

use chrono::SecondsFormat;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::transfer;
use crate::{
    graph::{
        access::{self, Owner},
        error::Result,
        request::Call,
    },
    world::{
        World,
        drive::{Drive, DriveItem, Grantee, Permission},
    },
};

/// One terabyte, as sold.
const QUOTA: usize = 1 << 40;

/// An item's ETag.
pub(crate) fn etag(item: &DriveItem) -> String {
    format!("\"{{{}}},{}\"", item.id, item.change)
}

/// A driveItem. Files carry the address of their bytes, which needs no token.
pub(crate) fn render(world: &World, call: &Call<'_>, owner: &Owner, item: &DriveItem) -> Result<Value> {
    let mailbox = access::mailbox(world, owner)?;
    let drive = &mailbox.drive;
    let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let by = json!({ "user": { "id": owner.id, "displayName": mailbox.owner.name, "email": mailbox.owner.address } });
    let mut out = json!({
        "id": item.id,
        "name": item.name,
        "createdDateTime": time(item.created),
        "lastModifiedDateTime": time(item.modified),
        "eTag": etag(item),
        "cTag": format!("\"c:{{{}}},{}\"", item.id, item.change),
        "size": drive.size(item),
        "webUrl": format!("{}/personal/{}{}", call.base_url, owner.id, drive.path(item)),
        "createdBy": by,
        "lastModifiedBy": by,
        "fileSystemInfo": { "createdDateTime": time(item.created), "lastModifiedDateTime": time(item.modified) },
    });
    match item.parent.as_deref().and_then(|parent| drive.item(parent)) {
        Some(parent) => {
            let path = format!("/drive/root:{}", drive.path(parent));
            out["parentReference"] =
                json!({ "driveType": "business", "driveId": drive.id, "id": parent.id, "name": parent.name, "path": path });
        }
        None => {
            out["root"] = json!({});
            out["parentReference"] = json!({ "driveType": "business", "driveId": drive.id });
        }
    }
    if !item.permissions.is_empty() {
        let by_link = |permission: &Permission| match &permission.grantee {
            Grantee::Link { scope, .. } => scope.clone(),
            Grantee::Person(_) => "users".to_owned(),
        };
        out["shared"] = json!({ "scope": item.permissions.iter().map(by_link).min() });
    }
    match &item.file {
        Some(file) => {
            let hash: String = Sha256::digest(&file.bytes).iter().map(|byte| format!("{byte:02X}")).collect();
            out["file"] = json!({ "mimeType": file.mime_type, "hashes": { "sha256Hash": hash } });
            out["@microsoft.graph.downloadUrl"] = transfer::download_url(world, call, owner, item).into();
        }
        None => out["folder"] = json!({ "childCount": drive.children(&item.id).count() }),
    }
    Ok(out)
}

/// A drive.
pub(crate) fn render_drive(world: &World, owner: &Owner, drive: &Drive) -> Value {
    let used = drive.root().map_or(0, |root| drive.size(root));
    // A group's drive has the group where a person's has the person, as the page on groups' drives shows it.
    let group = || world.group(&owner.id).map(|group| group.display_name.clone());
    let name = world.user(&owner.id).map(|user| user.display_name.clone()).or_else(group);
    json!({
        "id": drive.id,
        "driveType": "business",
        "name": "OneDrive",
        "owner": { "user": { "id": owner.id, "displayName": name } },
        "quota": { "deleted": 0, "remaining": QUOTA - used.min(QUOTA), "state": "normal", "total": QUOTA, "used": used },
    })
}
