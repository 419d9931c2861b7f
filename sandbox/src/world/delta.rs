//! What a client of a delta query already has. Owns the snapshots behind the opaque tokens; leaves links to `graph::delta`.

use std::collections::{BTreeMap, VecDeque};

/// What was sent at the end of one round: ids with their change numbers, and the query that was asked.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) token: String,
    /// The resource's path, so that a token works only where it came from.
    pub(crate) resource: String,
    /// Query options that stay as they were in the first request.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) items: BTreeMap<String, u64>,
}

/// All snapshots, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Snapshots(VecDeque<Snapshot>);

impl Snapshots {
    /// Keeps a snapshot, dropping the oldest beyond `most`.
    pub(crate) fn keep(&mut self, snapshot: Snapshot, most: usize) {
        self.0.push_back(snapshot);
        while self.0.len() > most {
            self.0.pop_front();
        }
    }

    /// The snapshot of a token, if it still is there.
    pub(crate) fn get(&self, token: &str) -> Option<&Snapshot> {
        self.0.iter().find(|snapshot| snapshot.token == token)
    }
}
