//! Photos: a plain coloured square for some people, none for the others. Owns the image.

use axum::http::Method;
use serde_json::json;

use super::{
    access::Owner,
    error::{Error, Result},
    odata,
    reply::Reply,
    request::Call,
    routes::unknown,
    scopes,
};
use crate::world::World;

/// Width and height in pixels.
const SIZE: u32 = 48;
/// Who has a photo.
const WITH_PHOTO: [&str; 4] = ["adelev@", "meganb@", "alexw@", "leeg@"];

/// Everything below `…/photo` and `…/photos`.
pub(crate) fn route(world: &World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    if call.method != Method::GET {
        return Err(Error::not_modelled("changing photos"));
    }
    scopes::directory(call, if owner.own { scopes::USER_READ } else { scopes::USERS_READ })?;
    let user = world.user(&owner.id).filter(|user| WITH_PHOTO.iter().any(|start| user.user_principal_name.starts_with(start)));
    let Some(user) = user else {
        return Err(no_photo());
    };
    let size = format!("{SIZE}x{SIZE}");
    let photo = json!({ "@odata.mediaContentType": "image/png", "id": size, "height": SIZE, "width": SIZE });
    match rest {
        ["photo", "$value"] => Ok(Reply::bytes("image/png", square(user.id.as_bytes()))),
        ["photos", asked, "$value"] if *asked == size => Ok(Reply::bytes("image/png", square(user.id.as_bytes()))),
        ["photo"] => Ok(odata::entity(call, &format!("users('{}')/photo", owner.id), photo)),
        ["photos"] => Ok(odata::plain(call, &format!("users('{}')/photos", owner.id), vec![photo])),
        ["photos", asked] if *asked == size => Ok(odata::entity(call, &format!("users('{}')/photos", owner.id), photo)),
        ["photos", _] | ["photos", _, "$value"] => Err(no_photo()),
        _ => Err(unknown(call)),
    }
}

fn no_photo() -> Error {
    Error::new(404, "ImageNotFound", "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown.")
}

/// A PNG of one colour, which the bytes choose (W3C PNG specification; the image data is stored without compression).
fn square(seed: &[u8]) -> Vec<u8> {
    let pick = |shift: usize| 64 + seed.iter().skip(shift).step_by(3).fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte)) / 2;
    let (red, green, blue) = (pick(0), pick(1), pick(2));
    let row: Vec<u8> = std::iter::once(0).chain((0..SIZE).flat_map(|_| [red, green, blue])).collect();
    let pixels = row.repeat(SIZE as usize);
    let length = u16::try_from(pixels.len()).unwrap_or(u16::MAX);
    let mut zlib = vec![0x78, 0x01, 0x01];
    zlib.extend(length.to_le_bytes());
    zlib.extend((!length).to_le_bytes());
    zlib.extend(&pixels);
    zlib.extend(adler32(&pixels).to_be_bytes());
    let mut header = Vec::new();
    header.extend(SIZE.to_be_bytes());
    header.extend(SIZE.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", zlib), (b"IEND", Vec::new())] {
        let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
        png.extend(length.to_be_bytes());
        let body = [kind.as_slice(), &data].concat();
        png.extend(&body);
        png.extend(crc32(&body).to_be_bytes());
    }
    png
}

fn adler32(bytes: &[u8]) -> u32 {
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    (high << 16) | low
}

fn crc32(bytes: &[u8]) -> u32 {
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    });
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_the_published_ones() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
        assert_eq!(square(b"x").get(..8), Some(b"\x89PNG\r\n\x1a\n".as_slice()));
    }
}
