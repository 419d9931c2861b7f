//! Rooms and lists of rooms. Source: "List places" of Microsoft Graph v1.0. Needs Place.Read.All, to which an administrator consents.

use http::Method;
use serde_json::Value;

use super::{pages, select_of};
use crate::graph::{Call, Page, Request};

const ROOM: &str = "id,displayName,emailAddress,nickname,capacity,building,floorNumber,floorLabel,label,bookingType,isWheelChairAccessible,tags,\
                    audioDeviceName,videoDeviceName,displayDeviceName,address,geoCoordinates,phone";
const SCOPE: &str = "Place.Read.All";

/// All rooms, or those of a list, which is named by its address and not by its id.
#[must_use]
pub fn list(room_list: Option<&str>) -> Call<Page<Value>> {
    let request = match room_list {
        Some(address) => Request::root(Method::GET, &["places", address, "microsoft.graph.roomlist", "rooms"], SCOPE),
        None => Request::root(Method::GET, &["places", "microsoft.graph.room"], SCOPE),
    };
    pages(select_of(request, ROOM).query("$top", "100").timeless())
}

/// The lists of rooms, e.g. one for each building.
#[must_use]
pub fn lists() -> Call<Page<Value>> {
    pages(Request::root(Method::GET, &["places", "microsoft.graph.roomlist"], SCOPE).query("$top", "100").timeless())
}
