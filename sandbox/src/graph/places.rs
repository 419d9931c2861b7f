//! Places: rooms and room lists. Owns their JSON; rooms' calendars are mailboxes like others.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{
    error::{Error, Result},
    odata::{self, Paging},
    request::Call,
    routes::unknown,
    scopes,
};
use crate::world::{
    World,
    directory::{Room, RoomList},
};

const ROOMS: &str = "places/microsoft.graph.room";
const LISTS: &str = "places/microsoft.graph.roomList";

/// Everything below `/places`. The type's name comes as `microsoft.graph.room` or `graph.room`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, rest: &[&str]) -> Result {
    scopes::outlook(call, if call.method == Method::GET { &["Place.Read.All", "Place.ReadWrite.All"] } else { &["Place.ReadWrite.All"] })?;
    match (&call.method, rest) {
        (&Method::GET, _) => {}
        (&Method::PATCH, [id] | [id, "room" | "roomList"]) => return update(world, call, id),
        _ => return Err(Error::not_modelled("making and deleting places")),
    }
    let world = &*world;
    let rooms = || world.rooms.iter().filter(|room| room.tenant_id == call.caller.tenant_id);
    let lists = || world.room_lists.iter().filter(|list| list.tenant_id == call.caller.tenant_id);
    let all_rooms = || rooms().map(|room| render_room(world, room)).collect::<Vec<Value>>();
    let all_lists = || lists().map(render_list).collect::<Vec<Value>>();
    let of = |id: &str| -> Result<Vec<&Room>> {
        // A room list is addressed by its e-mail address, not by its id.
        let list = lists().find(|list| list.email.eq_ignore_ascii_case(id)).ok_or_else(|| not_found(id))?;
        Ok(rooms().filter(|room| list.rooms.contains(&room.email)).collect())
    };
    let find_room = |id: &str| rooms().find(|room| room.id.eq_ignore_ascii_case(id) || room.email.eq_ignore_ascii_case(id));
    match rest {
        ["room"] => odata::collection(call, ROOMS, all_rooms(), Paging::PLACES),
        ["room", "$count"] => odata::count(call, all_rooms(), Paging::PLACES),
        ["roomList"] => odata::collection(call, LISTS, all_lists(), Paging::PLACES),
        ["roomList", "$count"] => odata::count(call, all_lists(), Paging::PLACES),
        [id, "roomList", "rooms"] => {
            let rooms: Vec<Value> = of(id)?.into_iter().map(|room| render_room(world, room)).collect();
            odata::collection(call, &format!("places('{id}')/microsoft.graph.roomList/rooms"), rooms, Paging::PLACES)
        }
        [list, "roomList", "rooms", id] => {
            let room = of(list)?.into_iter().find(|room| room.id.eq_ignore_ascii_case(id) || room.email.eq_ignore_ascii_case(id));
            Ok(odata::entity(call, ROOMS, render_room(world, room.ok_or_else(|| not_found(id))?)))
        }
        [id] | [id, "room" | "roomList"] => {
            if let Some(room) = find_room(id) {
                return Ok(odata::entity(call, ROOMS, typed("#microsoft.graph.room", render_room(world, room))));
            }
            let list = lists().find(|list| list.id.eq_ignore_ascii_case(id) || list.email.eq_ignore_ascii_case(id));
            Ok(odata::entity(call, LISTS, typed("#microsoft.graph.roomList", render_list(list.ok_or_else(|| not_found(id))?))))
        }
        _ => Err(unknown(call)),
    }
}

/// What can be set of a room, and of a room list (place: update).
const OF_ROOM: [&str; 16] = [
    "address",
    "audioDeviceName",
    "bookingType",
    "building",
    "capacity",
    "displayDeviceName",
    "displayName",
    "floorLabel",
    "floorNumber",
    "geoCoordinates",
    "isWheelChairAccessible",
    "label",
    "nickname",
    "phone",
    "tags",
    "videoDeviceName",
];
const OF_LIST: [&str; 4] = ["address", "displayName", "geoCoordinates", "phone"];

/// `PATCH /places/{id}`: 200 with the place.
fn update(world: &mut World, call: &Call<'_>, id: &str) -> Result {
    let input = call.json()?;
    let read = |names: &[&'static str]| -> Vec<(String, Value)> {
        names.iter().filter_map(|name| Some(((*name).to_owned(), input.raw(name)?.clone()))).collect()
    };
    let tenant = &call.caller.tenant_id;
    let is_named = |one: &str, email: &str| one.eq_ignore_ascii_case(id) || email.eq_ignore_ascii_case(id);
    if let Some(room) = world.rooms.iter_mut().find(|room| room.tenant_id == *tenant && is_named(&room.id, &room.email)) {
        // These two are more than descriptions: bookings and suggestions go by them.
        if let Some(capacity) = input.integer("capacity")? {
            room.capacity = u32::try_from(capacity).map_err(|_| Error::parameter("'capacity' must not be negative."))?;
        }
        room.reserved = input.text("bookingType")?.map_or(room.reserved, |kind| kind.eq_ignore_ascii_case("reserved"));
        room.display_name = input.text("displayName")?.unwrap_or_else(|| room.display_name.clone());
        room.changes.extend(read(&OF_ROOM));
        let room = room.clone();
        return Ok(odata::entity(call, "places", typed("#microsoft.graph.room", render_room(world, &room))));
    }
    let list = world.room_lists.iter_mut().find(|list| list.tenant_id == *tenant && is_named(&list.id, &list.email));
    let list = list.ok_or_else(|| not_found(id))?;
    list.display_name = input.text("displayName")?.unwrap_or_else(|| list.display_name.clone());
    list.changes.extend(read(&OF_LIST));
    Ok(odata::entity(call, "places", typed("#microsoft.graph.roomList", render_list(list))))
}

/// A place with what was set of it by requests.
fn changed(mut place: Value, changes: &Map<String, Value>) -> Value {
    if let Some(members) = place.as_object_mut() {
        members.extend(changes.clone());
    }
    place
}

fn not_found(id: &str) -> Error {
    Error::new(404, "ErrorItemNotFound", format!("The place '{id}' was not found."))
}

fn typed(kind: &str, mut place: Value) -> Value {
    place["@odata.type"] = kind.into();
    place
}

fn render_room(world: &World, room: &Room) -> Value {
    let list = world.room_lists.iter().find(|list| list.rooms.contains(&room.email));
    let seeded = json!({
        "id": room.id,
        "emailAddress": room.email,
        "displayName": room.display_name,
        "address": list.map(address),
        "geoCoordinates": null,
        "phone": room.phone,
        "nickname": room.display_name,
        "label": room.display_name.rsplit(' ').next(),
        "capacity": room.capacity,
        "building": room.building,
        "floorNumber": room.floor,
        "floorLabel": room.floor.to_string(),
        "isManaged": true,
        "isWheelChairAccessible": room.wheelchair_accessible,
        "bookingType": if room.reserved { "reserved" } else { "standard" },
        "tags": room.tags,
        "audioDeviceName": room.audio_device,
        "videoDeviceName": room.video_device,
        "displayDeviceName": room.display_device,
    });
    changed(seeded, &room.changes)
}

fn render_list(list: &RoomList) -> Value {
    let seeded = json!({
        "id": list.id,
        "displayName": list.display_name,
        "address": address(list),
        "geoCoordinates": null,
        "phone": null,
        "emailAddress": list.email,
    });
    changed(seeded, &list.changes)
}

fn address(list: &RoomList) -> Value {
    json!({ "street": list.street, "city": list.city, "state": null, "postalCode": null, "countryOrRegion": list.country })
}
