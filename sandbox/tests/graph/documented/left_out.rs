//! Which documented pairs are not replayed, or not to the letter, and why. Owns these lists, so that the reasons stand in one place.

use serde_json::Value;

/// Parts of addresses that the sandbox is not about.
const ELSEWHERE: &[(&str, &str)] = &[
    ("/beta/", "beta is refused"),
    ("/sites/", "SharePoint sites are not modelled"),
    ("/teams/", "teams are not modelled"),
    ("content?format=", "contents are not converted"),
    ("messageRules", "rules are not in the description, and do not act here"),
    ("ext55gb1l09", "extensions of the directory's schema are not modelled"),
];
/// Parts of ids of pairs.
const UNMODELLED: &[(&str, &str)] = &[
    ("user-update.update_schemaextension", "extensions of the directory's schema are not modelled"),
    ("delta-query-groups.get_200-5", "the page's answer is cut short"),
    ("eventmessage-post-attachments.create_item", "the page names a type of Outlook's own service"),
];

/// Why a pair is left out.
pub(super) fn reason(pair: &Value) -> Option<&'static str> {
    let url = pair["url"].as_str().unwrap();
    let by_address = ELSEWHERE.iter().find(|(part, _)| url.contains(part)).map(|(_, reason)| *reason);
    let id = pair["id"].as_str().unwrap();
    by_address.or_else(|| UNMODELLED.iter().find(|(part, _)| id.contains(part)).map(|(_, reason)| *reason)).or_else(|| {
        // No status means that the page has no answer at all.
        pair["status"].is_null().then_some("the page has no answer")
    })
}

/// The status that the page's text has, where its example has another one.
pub(super) fn status(id: &str) -> Option<u64> {
    Some(match id {
        "mailfolder-post-messages.create_message_from_mailfolder"
        | "message-createreplyall.message_createreplyall"
        | "contactfolder-post-contacts.create_contact_from_contactfolder" => 201,
        "message-replyall.message_replyall" => 202,
        // "201 Created" is for new files; this one is replaced.
        "driveitem-put-content.upload_via_put_id" => 200,
        _ => return None,
    })
}

/// Members that a documented answer has and that are not asked for: by the end of the pair's id and of the member's path.
const MEMBERS: &[(&str, &str, &str)] = &[
    ("", "/@odata.nextLink", "how much fits in a page, and which link follows, is the server's business"),
    ("", "/@odata.deltaLink", "how much fits in a page, and which link follows, is the server's business"),
    ("", "/@odata.id", "comes with full metadata alone"),
    ("", "/creationOptions", "is not in the metadata"),
    ("", "/searchResult", "is an address for counting clicks"),
    ("get_transitive_managers", "/manager/manager/manager", "the seeded directory has three levels"),
    ("", "/displayDevice", "is called displayDeviceName now"),
    ("get_all_roomlists", "/geocoordinates", "is spelled geoCoordinates elsewhere"),
    ("", "/geoCoordinates", "the seeded buildings have no coordinates"),
    ("", "/*/@removed", "nobody has left the directory"),
    ("", "/*/deleted", "nothing was deleted before"),
    ("event_delta", "/transactionId", "comes where a client gave one"),
    ("get_mailfolders", "/isSupported", "there are no search folders"),
    ("get_mailfolders", "/filterQuery", "there are no search folders"),
    ("get_mailfolders", "/*/@odata.type", "there are no search folders"),
    ("childfolders", "/value", "the default folder of contacts is the only one"),
    ("get_contactfolders", "/value", "the default folder of contacts is the only one"),
    ("get_groups_with_licenses", "/value", "nobody has licences"),
    ("get_user_assignedlicenses", "/value", "nobody has licences"),
    ("get_signinname_users", "/value", "nobody signs in by another directory's name"),
    ("group-list-memberof.", "/value", "no group is in a group"),
    ("calendargroup_get_calendars", "/color", "is one of an enumeration's names elsewhere"),
    ("contact_delta", "/birthday", "is not selected"),
    ("contact_delta", "/parentFolderId", "is not selected"),
    ("contact_delta", "/fileAs", "is not selected"),
    ("contact_delta", "/givenName", "is not selected"),
    ("contact_delta", "/initials", "is not selected"),
    ("people-example.get_200-2", "/phones", "the people of this page have none"),
    ("list_users_startswith", "/mailNickname", "is not among the default members"),
    ("group_get_owners", "/accountEnabled", "is not among the default members"),
];

/// Whether a member of the documented answer is not asked for.
pub(super) fn member(id: &str, member: &str) -> bool {
    MEMBERS.iter().any(|(pair, end, _)| id.contains(pair) && member.ends_with(end))
}
