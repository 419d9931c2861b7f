//! The seed's eighteen rooms in three buildings. Owns rooms, their mailboxes and room lists.

use super::{
    super::{
        User,
        directory::{Room, RoomList},
        event::Address,
        ids,
        settings::Purpose,
    },
    Builder, CONTOSO,
};

/// (building, street, city, country, zone, rooms)
type Building = (&'static str, &'static str, &'static str, &'static str, &'static str, [&'static str; 6]);

const BUILDINGS: [Building; 3] = [
    (
        "Building 1",
        "Walter-Gropius-Strasse 5",
        "Munich",
        "Germany",
        "W. Europe Standard Time",
        ["Adams", "Baker", "Crystal", "Hood", "Rainier", "Stevens"],
    ),
    ("Building 2", "2 Kingdom Street", "London", "United Kingdom", "GMT Standard Time", ["Avon", "Cam", "Dee", "Medway", "Severn", "Tyne"]),
    (
        "Building 3",
        "4567 Main Street",
        "Buffalo",
        "United States",
        "Eastern Standard Time",
        ["Erie", "Huron", "Niagara", "Ontario", "Seneca", "Superior"],
    ),
];

impl Builder {
    /// Rooms with mailboxes, and a list for each building.
    pub(super) fn rooms(&mut self) {
        let tenant_id = ids::guid(CONTOSO);
        for (building, street, city, country, zone, names) in BUILDINGS {
            let mut emails = Vec::new();
            for (number, name) in names.iter().enumerate() {
                let email = format!("{}@{CONTOSO}", name.to_lowercase());
                let display_name = format!("Conf Room {name}");
                emails.push(email.clone());
                self.room_user(&display_name, &email, zone);
                self.world.rooms.push(Room {
                    id: ids::guid(&format!("place {email}")),
                    tenant_id: tenant_id.clone(),
                    display_name,
                    email,
                    capacity: [4, 6, 8, 12, 20, 50][number],
                    building: building.to_owned(),
                    floor: 1 + i32::try_from(number / 2).unwrap_or_default(),
                    // The largest room of each building is kept for whoever comes first.
                    reserved: number == 5,
                    wheelchair_accessible: number % 2 == 0,
                    tags: if number > 2 { vec!["hybrid".to_owned(), "whiteboard".to_owned()] } else { Vec::new() },
                    video_device: (number > 2).then(|| "camera".to_owned()),
                    display_device: (number > 0).then(|| "surface hub".to_owned()),
                    audio_device: (number > 1).then(|| "speakerphone".to_owned()),
                    phone: "000-000-0000".to_owned(),
                    changes: Default::default(),
                });
            }
            let email = format!("{}@{CONTOSO}", building.to_lowercase().replace("building ", "bldg"));
            self.world.room_lists.push(RoomList {
                id: ids::guid(&format!("place {email}")),
                tenant_id: tenant_id.clone(),
                display_name: building.to_owned(),
                email,
                rooms: emails,
                street: street.to_owned(),
                city: city.to_owned(),
                country: country.to_owned(),
                changes: Default::default(),
            });
        }
    }

    fn room_user(&mut self, display_name: &str, email: &str, zone: &str) {
        let id = ids::guid(email);
        self.world.add_user(User {
            id: id.clone(),
            tenant_id: ids::guid(CONTOSO),
            user_principal_name: email.to_owned(),
            display_name: display_name.to_owned(),
            room: true,
            ..User::default()
        });
        let owner = Address { name: display_name.to_owned(), address: email.to_owned() };
        self.mailbox(&id, owner, zone, Purpose::Room);
    }
}
