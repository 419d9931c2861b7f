//! How typed and pasted text becomes people. Owns the forms in which addresses are written down; leaves searching to `people`.

use crate::model::{Person, PersonKind};

/// The address in what somebody typed or pasted: `adele@contoso.com`, `Adele Vance <adele@contoso.com>`, `Adele Vance (adele@contoso.com)`,
/// `mailto:adele@contoso.com`, with or without quotes, and with a separator left at the end.
#[must_use]
pub fn typed_address(text: &str) -> Option<Person> {
    let text = text.trim().trim_end_matches([';', ',']).trim();
    let (name, address) = match text.rsplit_once('<').or_else(|| text.rsplit_once('(').filter(|(_, rest)| rest.contains('@'))) {
        Some((name, rest)) => (name.trim().trim_matches(['"', '\'']).trim(), rest.trim_end_matches(['>', ')']).trim()),
        None => ("", text.trim_matches(['"', '\''])),
    };
    let address = match address.get(.."mailto:".len()) {
        // A link may go on with a subject.
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => address[scheme.len()..].split('?').next().unwrap_or_default(),
        _ => address,
    };
    is_address(address).then(|| Person {
        name: if name.is_empty() { address.to_owned() } else { name.to_owned() },
        address: address.to_owned(),
        kind: PersonKind::Person,
        ..Person::default()
    })
}

/// The addresses in a pasted list, separated by commas, semicolons or lines, bare ones by spaces too. Text that is no address is not among
/// them.
#[must_use]
pub fn pasted_addresses(text: &str) -> Vec<Person> {
    read_list(text).0
}

/// The addresses in a list, each once, and the parts that are no address.
pub(super) fn read_list(text: &str) -> (Vec<Person>, Vec<String>) {
    let mut people: Vec<Person> = Vec::new();
    let mut rest: Vec<String> = Vec::new();
    let mut add = |person: Person| {
        if !people.iter().any(|known| known.address.eq_ignore_ascii_case(&person.address)) {
            people.push(person);
        }
    };
    // The last part that had no address and ended in a comma: `Vance, Adele <adele@contoso.com>` is one person.
    let mut surname: Option<String> = None;
    for (part, separator) in parts(text) {
        let whole = surname.take().map(|surname| (surname.clone(), [surname.as_str(), ", ", part].concat()));
        let joined =
            whole.as_ref().filter(|_| part.contains('<') && !part.starts_with(['<', '"'])).and_then(|(_, whole)| typed_address(whole));
        if let Some((surname, _)) = whole
            && joined.is_none()
        {
            rest.push(surname);
        }
        if let Some(person) = joined.or_else(|| typed_address(part)) {
            add(person);
        } else if part.contains('@') && part.split_whitespace().all(|word| typed_address(word).is_some()) {
            part.split_whitespace().filter_map(typed_address).for_each(&mut add);
        } else if separator == Some(',') {
            surname = Some(part.to_owned());
        } else {
            rest.push(part.to_owned());
        }
    }
    rest.extend(surname);
    (people, rest)
}

/// The parts of a list with what separates each from the next; separators within quotes and angle brackets are text.
fn parts(text: &str) -> Vec<(&str, Option<char>)> {
    let mut found = Vec::new();
    let (mut start, mut quoted, mut bracketed) = (0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' if !bracketed => quoted = !quoted,
            '<' if !quoted => bracketed = true,
            '>' => bracketed = false,
            ',' | ';' if quoted || bracketed => {}
            // A line ends everything, also a quote that nobody closed.
            ',' | ';' | '\n' | '\r' | '\t' => {
                found.push((&text[start..at], Some(c)));
                start = at + c.len_utf8();
                (quoted, bracketed) = (false, false);
            }
            _ => {}
        }
    }
    found.push((&text[start..], None));
    found.into_iter().map(|(part, separator)| (part.trim(), separator)).filter(|(part, _)| !part.is_empty()).collect()
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty()
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"'))
        && !domain.contains('@')
}
