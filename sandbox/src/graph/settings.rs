//! Mailbox settings. Owns their reading, changing and JSON; what working hours mean is `world::settings`'.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    access::{self, Owner},
    error::{Error, Result},
    input::{Input, weekday, weekday_name},
    odata::{Select, with_context},
    reply::Reply,
    request::Call,
    scopes,
};
use crate::world::{
    World,
    settings::{CustomZone, HoursZone, Purpose, Settings, Transition, WorkingHours},
    zones::Zone,
};

/// Everything below `…/mailboxSettings`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    if !owner.own && call.caller.user_id.is_some() {
        return Err(Error::access_denied());
    }
    match (&call.method, rest) {
        (&Method::GET, []) => {
            scopes::outlook(call, scopes::SETTINGS_READ)?;
            let value = render(&access::mailbox(world, owner)?.settings);
            let context = format!("users('{}')/mailboxSettings", owner.id);
            Ok(Reply::ok(with_context(call, &context, Select::read(call).apply(value))))
        }
        (&Method::PATCH, []) => update(world, call, owner),
        (&Method::GET, [part]) => {
            scopes::outlook(call, scopes::SETTINGS_READ)?;
            let value = render(&access::mailbox(world, owner)?.settings);
            let value = value.get(*part).cloned().ok_or_else(|| super::routes::unknown(call))?;
            let context = format!("users('{}')/mailboxSettings/{part}", owner.id);
            let value = if value.is_object() { value } else { json!({ "value": value }) };
            Ok(Reply::ok(with_context(call, &context, value)))
        }
        _ => Err(Error::method_not_allowed()),
    }
}

/// Graph's mailboxSettings.
pub(crate) fn render(settings: &Settings) -> Value {
    json!({
        "automaticRepliesSetting": settings.automatic_replies,
        "timeZone": settings.zone.name,
        "language": { "locale": settings.locale, "displayName": language_name(&settings.locale) },
        "dateFormat": settings.date_format,
        "timeFormat": settings.time_format,
        "delegateMeetingMessageDeliveryOptions": settings.delivery,
        "userPurpose": match settings.purpose {
            Purpose::User => "user",
            Purpose::Room => "room",
            Purpose::Others => "others",
        },
        "workingHours": working_hours(&settings.hours),
    })
}

fn language_name(locale: &str) -> &str {
    match locale {
        "en-US" => "English (United States)",
        "en-GB" => "English (United Kingdom)",
        "de-DE" => "German (Germany)",
        other => other,
    }
}

/// Graph's workingHours.
pub(crate) fn working_hours(hours: &WorkingHours) -> Value {
    let time = |time: chrono::NaiveTime| format!("{}.0000000", time.format("%H:%M:%S"));
    let transition = |transition: &Transition| {
        json!({
            "time": time(transition.time),
            "dayOccurrence": transition.occurrence,
            "dayOfWeek": weekday_name(transition.weekday),
            "month": transition.month,
            "year": 0,
        })
    };
    let zone = match &hours.zone {
        HoursZone::Named(zone) => json!({ "name": zone.name }),
        HoursZone::Custom(custom) => {
            let mut daylight = json!({ "daylightBias": custom.daylight_bias });
            if let (Some(out), Value::Object(members)) = (daylight.as_object_mut(), transition(&custom.to_daylight)) {
                out.extend(members);
            }
            json!({
                "@odata.type": "#microsoft.graph.customTimeZone",
                "bias": custom.bias,
                "name": "Customized Time Zone",
                "standardOffset": transition(&custom.to_standard),
                "daylightOffset": daylight,
            })
        }
    };
    json!({
        "daysOfWeek": hours.days.iter().map(|day| weekday_name(*day)).collect::<Vec<_>>(),
        "startTime": time(hours.start),
        "endTime": time(hours.end),
        "timeZone": zone,
    })
}

/// Graph's automaticRepliesStatus, externalAudienceScope and delegateMeetingMessageDeliveryOptions.
const REPLY_STATUSES: [&str; 3] = ["disabled", "alwaysEnabled", "scheduled"];
const AUDIENCES: [&str; 3] = ["none", "contactsOnly", "all"];
const DELIVERIES: [&str; 3] = ["sendToDelegateAndInformationToPrincipal", "sendToDelegateAndPrincipal", "sendToDelegateOnly"];

/// A word in its documented case.
fn word(words: &[&'static str; 3], given: &str) -> Option<&'static str> {
    words.iter().find(|word| word.eq_ignore_ascii_case(given)).copied()
}

fn update(world: &mut World, call: &Call<'_>, owner: &Owner) -> Result {
    scopes::outlook(call, scopes::SETTINGS_WRITE)?;
    let input = call.json()?;
    let mut settings = access::mailbox(world, owner)?.settings.clone();
    if let Some(name) = input.text("timeZone")? {
        settings.zone = Zone::named(&name).ok_or_else(invalid_zone)?;
    }
    if let Some(hours) = input.object("workingHours")? {
        change_hours(&mut settings.hours, &hours)?;
    }
    if let Some(language) = input.object("language")? {
        settings.locale = language.text("locale")?.unwrap_or(settings.locale);
    }
    settings.date_format = input.text("dateFormat")?.unwrap_or(settings.date_format);
    settings.time_format = input.text("timeFormat")?.unwrap_or(settings.time_format);
    if let Some(delivery) = input.choice("delegateMeetingMessageDeliveryOptions", |name| word(&DELIVERIES, name))? {
        settings.delivery = delivery.to_owned();
    }
    if let (Some(changes), Some(stored)) = (input.object("automaticRepliesSetting")?, settings.automatic_replies.as_object_mut()) {
        for (name, words) in [("status", &REPLY_STATUSES), ("externalAudience", &AUDIENCES)] {
            if let Some(value) = changes.choice(name, |given| word(words, given))? {
                stored.insert(name.to_owned(), value.into());
            }
        }
        for name in ["internalReplyMessage", "externalReplyMessage"] {
            if let Some(text) = changes.text(name)? {
                stored.insert(name.to_owned(), text.into());
            }
        }
        for name in ["scheduledStartDateTime", "scheduledEndDateTime"] {
            // Read for its errors; shown as it was given.
            if let (Some(time), Some(_)) = (changes.object(name)?, changes.time(name)?) {
                let member = |member: &str| Ok::<_, Error>(time.text(member)?.unwrap_or_default());
                stored.insert(name.to_owned(), json!({ "dateTime": member("dateTime")?, "timeZone": member("timeZone")? }));
            }
        }
    }
    access::mailbox_mut(world, owner)?.settings = settings.clone();
    // The answer has the parts that were sent.
    let mut value = render(&settings);
    if let Some(members) = value.as_object_mut() {
        members.retain(|name, _| input.has(name));
    }
    Ok(Reply::ok(with_context(call, &format!("users('{}')/mailboxSettings", owner.id), value)))
}

fn invalid_zone() -> Error {
    Error::new(400, "InvalidTimeZone", "Time Zone settings provided are invalid.")
}

fn change_hours(hours: &mut WorkingHours, input: &Input) -> Result<()> {
    hours.days = input.days_of_week("daysOfWeek")?.unwrap_or_else(|| hours.days.clone());
    hours.start = input.time_of_day("startTime")?.unwrap_or(hours.start);
    hours.end = input.time_of_day("endTime")?.unwrap_or(hours.end);
    if hours.start >= hours.end {
        return Err(Error::new(400, "ErrorInvalidTimeSettings", "Start Time should occur before End Time."));
    }
    let Some(zone) = input.object("timeZone")? else { return Ok(()) };
    let custom =
        zone.text("@odata.type")?.is_some_and(|kind| kind.trim_start_matches('#').eq_ignore_ascii_case("microsoft.graph.customTimeZone"));
    hours.zone = if custom {
        HoursZone::Custom(custom_zone(&zone)?)
    } else {
        let name = zone.text("name")?.unwrap_or_default();
        HoursZone::Named(Zone::named(&name).ok_or_else(invalid_zone)?)
    };
    Ok(())
}

fn custom_zone(input: &Input) -> Result<CustomZone> {
    let (Some(standard), Some(daylight)) = (input.object("standardOffset")?, input.object("daylightOffset")?) else {
        return Err(invalid_zone());
    };
    let minutes = |input: &Input, name: &str| {
        let minutes = input.integer(name)?.unwrap_or(0);
        // No offset from UTC is longer than a day.
        i32::try_from(minutes).ok().filter(|minutes| minutes.abs() <= 1440).ok_or_else(invalid_zone)
    };
    Ok(CustomZone {
        bias: minutes(input, "bias")?,
        daylight_bias: minutes(&daylight, "daylightBias")?,
        to_standard: transition(&standard)?,
        to_daylight: transition(&daylight)?,
    })
}

fn transition(input: &Input) -> Result<Transition> {
    let number = |name: &str, most: i64| -> Result<u8> {
        let value = input.integer(name)?.filter(|value| (1..=most).contains(value));
        value.and_then(|value| u8::try_from(value).ok()).ok_or_else(invalid_zone)
    };
    Ok(Transition {
        time: input.time_of_day("time")?.unwrap_or_default(),
        occurrence: number("dayOccurrence", 5)?,
        weekday: input.choice("dayOfWeek", weekday)?.ok_or_else(invalid_zone)?,
        month: u32::from(number("month", 12)?),
    })
}
