//! Places: rooms and room lists. Owns their JSON; rooms' calendars are mailboxes like others.

use axum::http::Method;
use serde_json::{Value, json};

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
pub(crate) fn route(world: &World, call: &Call<'_>, rest: &[&str]) -> Result {
    scopes::outlook(call, &["Place.Read.All", "Place.ReadWrite.All"])?;
    if call.method != Method::GET {
        return Err(Error::not_modelled("changing places"));
    }
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

fn not_found(id: &str) -> Error {
    Error::new(404, "ErrorItemNotFound", format!("The place '{id}' was not found."))
}

fn typed(kind: &str, mut place: Value) -> Value {
    place["@odata.type"] = kind.into();
    place
}

fn render_room(world: &World, room: &Room) -> Value {
    let list = world.room_lists.iter().find(|list| list.rooms.contains(&room.email));
    json!({
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
    })
}

fn render_list(list: &RoomList) -> Value {
    json!({
        "id": list.id,
        "displayName": list.display_name,
        "address": address(list),
        "geoCoordinates": null,
        "phone": null,
        "emailAddress": list.email,
    })
}

fn address(list: &RoomList) -> Value {
    json!({ "street": list.street, "city": list.city, "state": null, "postalCode": null, "countryOrRegion": list.country })
}
