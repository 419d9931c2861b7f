//! Valid requests and resources, as full as they come.

use serde_json::{Value, json};

/// Arguments of the module's functions.
pub(crate) fn requests() -> Vec<Value> {
    let local = |text: &str| json!({ "dateTime": text, "timeZone": "W. Europe Standard Time" });
    let hours = json!({ "daysOfWeek": ["monday", "friday"], "startTime": "08:00:00", "endTime": "17:00:00", "timeZone": { "bias": -60,
        "name": "Customized Time Zone", "standardOffset": { "time": "03:00:00", "dayOccurrence": 5, "dayOfWeek": "sunday", "month": 10, "year": 0 },
        "daylightOffset": { "daylightBias": -60, "time": "02:00:00", "dayOccurrence": 5, "dayOfWeek": "sunday", "month": 3, "year": 0 } } });
    let rank = json!({
        "window": { "start": "2026-05-04T00:00:00Z", "end": "2026-05-09T00:00:00Z" }, "durationMinutes": 45, "stepMinutes": 15,
        "timeZone": "Europe/Berlin", "workingHours": "prefer", "bufferBeforeMinutes": 5, "bufferAfterMinutes": 10,
        "quorum": { "minRequired": 1, "minPercentage": 50 }, "allowTentative": false, "needsResource": true, "maxResults": 5, "relax": true,
        "recurrence": { "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "sunday" },
            "range": { "type": "numbered", "numberOfOccurrences": 3, "startDate": "2026-05-04", "recurrenceTimeZone": "UTC" } },
        "attendees": [
            { "id": "me", "kind": "organizer", "busy": [{ "start": "2026-05-04T09:00:00Z", "end": "2026-05-04T10:00:00Z", "status": "busy" }],
              "ignore": [{ "start": "2026-05-04T09:00:00Z", "end": "2026-05-04T10:00:00Z" }] },
            { "id": "adele", "kind": "required", "knownUntil": "2026-06-01T00:00:00Z", "workingHours": [hours],
              "view": { "start": "2026-05-04T00:00:00Z", "intervalMinutes": 30 },
              "schedule": { "scheduleId": "adele", "availabilityView": "00112233", "workingHours": hours, "scheduleItems": [
                { "status": "tentative", "start": local("2026-05-04T09:00:00.0000000"), "end": local("2026-05-04T10:00:00.0000000"), "isPrivate": false }] } },
            { "id": "grady", "kind": "optional", "schedule": { "scheduleId": "grady", "error": { "message": "?", "responseCode": "5009" } } },
            { "id": "room", "kind": "resource", "capacity": 4, "busy": [], "workingHours": null }
        ]
    });
    let mut endless = rank.clone();
    endless["recurrence"]["range"]["type"] = json!("noEnd");
    endless["recurrence"]["pattern"] = json!({ "type": "daily", "interval": 1 });
    let expand = |pattern: Value, range: Value| {
        json!({ "recurrence": { "pattern": pattern, "range": range }, "start": local("2026-05-04T09:00:00"), "end": local("2026-05-04T10:00:00"),
            "from": "2026-05-01T00:00:00Z", "to": "2027-05-01T00:00:00Z" })
    };
    let endless_range = json!({ "type": "noEnd", "startDate": "2026-05-04", "recurrenceTimeZone": "UTC" });
    let until = json!({ "type": "endDate", "startDate": "2026-05-04", "endDate": "2026-12-31" });
    vec![
        rank,
        endless,
        expand(json!({ "type": "relativeMonthly", "interval": 2, "daysOfWeek": ["monday"], "index": "last" }), endless_range.clone()),
        expand(json!({ "type": "absoluteYearly", "interval": 1, "month": 2, "dayOfMonth": 29 }), endless_range),
        expand(json!({ "type": "weekly", "interval": 3, "daysOfWeek": ["sunday", "tuesday"], "firstDayOfWeek": "monday" }), until),
        json!({ "start": "2026-05-04T00:00:00Z", "end": "2026-05-05T00:00:00Z", "intervalMinutes": 30,
            "items": [{ "start": "2026-05-04T09:00:00Z", "end": "2026-05-04T10:00:00Z", "status": "oof" }] }),
        local("2026-05-04T09:00:00"),
        json!("Europe/Berlin"),
        json!("2026-05-04T09:00:00+02:00"),
        event(),
    ]
}

fn event() -> Value {
    json!({
        "@odata.etag": "W/\"x\"", "id": "AAMk", "iCalUId": "0400", "subject": "Weekly", "type": "seriesMaster", "isAllDay": false,
        "createdDateTime": "2026-04-01T08:00:00Z", "lastModifiedDateTime": "2026-05-01T08:00:00Z", "isCancelled": false,
        "start": { "dateTime": "2026-05-04T09:00:00.0000000", "timeZone": "Europe/Berlin" },
        "end": { "dateTime": "2026-05-04T10:00:00.0000000", "timeZone": "Europe/Berlin" },
        "recurrence": { "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "sunday" },
            "range": { "type": "noEnd", "startDate": "2026-05-04", "endDate": "0001-01-01", "recurrenceTimeZone": "W. Europe Standard Time" } },
        "cancelledOccurrences": ["OID.AAMk.2026-05-11"],
        "exceptionOccurrences": [{ "originalStart": "2026-05-18T07:00:00Z", "start": { "dateTime": "2026-05-19T09:00:00", "timeZone": "UTC" },
            "end": { "dateTime": "2026-05-19T10:00:00", "timeZone": "UTC" } }],
        "body": { "contentType": "html", "content": "<p>x</p>" }, "bodyPreview": "x", "categories": ["Blue"], "importance": "high",
        "sensitivity": "normal", "showAs": "busy", "isReminderOn": true, "reminderMinutesBeforeStart": 15, "responseRequested": true,
        "location": { "displayName": "Here" }, "onlineMeeting": { "joinUrl": "https://teams.microsoft.com/x" }, "webLink": "https://outlook.office.com/x",
        "organizer": { "emailAddress": { "name": "Megan", "address": "megan@contoso.com" } }, "responseStatus": { "response": "accepted", "time": "0001-01-01T00:00:00Z" },
        "attendees": [{ "type": "required", "status": { "response": "none", "time": "0001-01-01T00:00:00Z" },
            "emailAddress": { "name": "Adele", "address": "adele@contoso.com" } }]
    })
}

/// What Graph answers: resources, pages, a batch, an error.
pub(crate) fn resources() -> Vec<Value> {
    let slot = json!({ "start": { "dateTime": "2026-05-04T09:00:00", "timeZone": "UTC" }, "end": { "dateTime": "2026-05-04T10:00:00", "timeZone": "UTC" } });
    let schedule = requests()[0]["attendees"][1]["schedule"].clone();
    vec![
        event(),
        json!({ "value": [event(), event()], "@odata.nextLink": "https://graph.microsoft.com/v1.0/me/calendarView?$skip=2", "@odata.count": 2 }),
        json!({ "value": [schedule] }),
        schedule["workingHours"].clone(),
        schedule,
        json!({ "emptySuggestionsReason": "", "meetingTimeSuggestions": [{ "confidence": 100.0, "order": 1, "organizerAvailability": "free",
            "suggestionReason": "x", "meetingTimeSlot": slot, "attendeeAvailability": [{ "availability": "busy", "attendee": { "emailAddress": { "address": "a@contoso.com" } } }] }] }),
        json!({ "responses": [
            { "id": "0", "status": 200, "headers": { "Content-Type": "application/json" }, "body": { "id": "1", "displayName": "Megan", "mail": "m@contoso.com" } },
            { "id": "1", "status": 429, "headers": { "Retry-After": "5" }, "body": { "error": { "code": "TooManyRequests", "message": "?" } } }] }),
        json!({ "error": { "code": "InvalidAuthenticationToken", "message": "?", "innerError": { "code": "x", "request-id": "y", "date": "z" } } }),
        json!({ "value": [{ "id": "1", "name": "Calendar", "hexColor": "#fff", "canEdit": true, "owner": { "name": "x", "address": "x@contoso.com" } }] }),
        json!({ "value": [{ "id": "1", "displayName": "x", "scoredEmailAddresses": [{ "address": "x@contoso.com" }], "userPrincipalName": "x@contoso.com",
            "personType": { "class": "Person", "subclass": "OrganizationUser" } }] }),
        json!({ "timeZone": "UTC", "language": { "locale": "en-US" }, "dateFormat": "", "timeFormat": "", "workingHours": requests()[0]["attendees"][1]["workingHours"][0] }),
    ]
}
