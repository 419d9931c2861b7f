//! Free/busy as Graph writes it, for hosts that take it as JSON. Leaves reading to `schedule`.

use serde_json::{Map, Value};

use super::{ScheduleInformation, ScheduleItem, WorkingHours};

impl ScheduleInformation {
    /// As Graph writes it: what it did not say is null, an `error` is there only where there is one.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = self.other.clone();
        object.insert("scheduleId".into(), self.schedule_id.as_str().into());
        object.insert("availabilityView".into(), self.availability_view.as_deref().into());
        let items = self.items.as_ref().map(|items| items.iter().map(ScheduleItem::to_json).collect::<Value>());
        object.insert("scheduleItems".into(), items.unwrap_or_default());
        object.insert("workingHours".into(), self.working_hours.as_ref().map(WorkingHours::to_json).unwrap_or_default());
        if let Some(message) = &self.error {
            let mut error = Map::new();
            error.insert("message".into(), message.as_str().into());
            error.insert("responseCode".into(), self.error_code.as_str().into());
            object.insert("error".into(), Value::Object(error));
        }
        Value::Object(object)
    }
}

impl ScheduleItem {
    /// As Graph writes it; what its owner hides is left out.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = self.other.clone();
        object.entry("status").or_insert_with(|| self.status.as_word().into());
        object.insert("start".into(), self.start.to_json());
        object.insert("end".into(), self.end.to_json());
        for (name, text) in [("subject", &self.subject), ("location", &self.location)] {
            if let Some(text) = text {
                object.insert(name.into(), text.as_str().into());
            }
        }
        object.insert("isPrivate".into(), self.is_private.into());
        Value::Object(object)
    }
}

impl WorkingHours {
    /// As Graph writes it; a zone that was a name becomes an object with that name.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("daysOfWeek".into(), self.days_of_week.iter().map(String::as_str).collect());
        object.insert("startTime".into(), self.start_time.as_str().into());
        object.insert("endTime".into(), self.end_time.as_str().into());
        let mut zone = self.time_zone.clone();
        if zone.is_string() {
            let mut named = Map::new();
            named.insert("name".into(), zone);
            zone = Value::Object(named);
        }
        object.insert("timeZone".into(), zone);
        Value::Object(object)
    }
}
