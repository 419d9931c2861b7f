//! Tenants, people, groups, rooms and their mailboxes, as plain data. Owns what is stored; leaves HTTP to `graph` and `identity`.

/// Everything that the sandbox knows, in memory.
#[derive(Debug, Default)]
pub struct World {
    /// The directories: Contoso, Fabrikam, and Microsoft's own for personal accounts.
    pub tenants: Vec<Tenant>,
    /// Everyone who can sign in or be invited, rooms among them.
    pub users: Vec<User>,
}

/// A directory.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// The directory (tenant) id, a GUID.
    pub id: String,
    /// The first verified domain, e.g. `contoso.onmicrosoft.com`.
    pub domain: String,
    /// E.g. `Contoso`.
    pub display_name: String,
    /// Whether accounts are personal Microsoft accounts (the tenant `consumers`).
    pub consumer: bool,
}

/// An account, person or room.
#[derive(Debug, Clone)]
pub struct User {
    /// The object id, a GUID.
    pub id: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// E.g. `adelev@contoso.onmicrosoft.com`, which is the SMTP address too.
    pub user_principal_name: String,
    /// E.g. `Adele Vance`.
    pub display_name: String,
    /// The password that the sign-in page asks for; `None`: it asks for none.
    pub password: Option<String>,
    /// Whether the person may consent for the whole organization.
    pub admin: bool,
    /// Rooms have mailboxes and never sign in.
    pub room: bool,
}

impl World {
    /// The account with this object id or principal name, compared as Entra does, without case.
    #[must_use]
    pub fn user(&self, id_or_principal_name: &str) -> Option<&User> {
        self.users.iter().find(|user| {
            user.id.eq_ignore_ascii_case(id_or_principal_name) || user.user_principal_name.eq_ignore_ascii_case(id_or_principal_name)
        })
    }
}
