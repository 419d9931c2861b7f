//! Where the bytes of the program are. Owns which crate a function of the wasm module is counted for; what may be spent is `size`'s.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Result;
use wasmparser::{CustomSectionReader, KnownCustom, Name, Parser, Payload, TypeRef};

/// So many functions are named one by one.
const FUNCTIONS: usize = 30;
/// Crates below so many bytes are counted together.
const SMALL: usize = 2_000;
/// What every program links. A generic function of theirs counts for the crate whose types it was compiled for.
const STANDARD: [&str; 3] = ["core", "alloc", "std"];

/// The table for a module that still has the names of its functions. All bytes are those before compression.
pub(super) fn table(wasm: &Path) -> Result<String> {
    let module = Module::read(&fs::read(wasm)?)?;
    let line = |bytes: usize, what: &str| format!("{bytes:>9}  {}\n", what.chars().take(150).collect::<String>());
    let mut text = String::from("    bytes  before compression\n");
    for (name, bytes) in module.by_crate() {
        text += &line(bytes, &["code of ", &name].concat());
    }
    text += &line(module.data, "data: texts and tables");
    text += &line(module.other, "types, imports and tables of functions");
    text += "\n    bytes  the largest functions\n";
    for function in module.largest() {
        text += &line(function.bytes, &function.name);
    }
    Ok(text)
}

/// What a module consists of.
#[derive(Default)]
struct Module {
    functions: Vec<Function>,
    data: usize,
    other: usize,
}

struct Function {
    name: String,
    bytes: usize,
}

impl Module {
    fn read(wasm: &[u8]) -> Result<Self> {
        let mut module = Self::default();
        let mut imported = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            let bytes = payload.as_section().map_or(0, |(_, range)| range.len());
            match payload {
                Payload::CodeSectionEntry(body) => module.functions.push(Function { name: String::new(), bytes: body.range().len() }),
                Payload::DataSection(_) => module.data = bytes,
                Payload::CustomSection(section) => module.name(&section, imported)?,
                Payload::ImportSection(section) => {
                    module.other += bytes;
                    for import in section.into_imports() {
                        imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                // Its functions have been counted one by one.
                Payload::CodeSectionStart { .. } => {}
                _ => module.other += bytes,
            }
        }
        Ok(module)
    }

    /// Takes the functions' names from the section that has them; it stands behind the code. Imported functions are numbered first.
    fn name(&mut self, section: &CustomSectionReader<'_>, imported: usize) -> Result<()> {
        let KnownCustom::Name(names) = section.as_known() else { return Ok(()) };
        for names in names {
            let Name::Function(names) = names? else { continue };
            for naming in names {
                let naming = naming?;
                let index = usize::try_from(naming.index)?.checked_sub(imported);
                if let Some(function) = index.and_then(|index| self.functions.get_mut(index)) {
                    function.name = without_hashes(&format!("{:#}", rustc_demangle::demangle(naming.name)));
                }
            }
        }
        Ok(())
    }

    /// The bytes of each crate, most first.
    fn by_crate(&self) -> Vec<(String, usize)> {
        let mut crates = BTreeMap::<&str, usize>::new();
        for function in &self.functions {
            *crates.entry(owner(&function.name)).or_default() += function.bytes;
        }
        let (small, mut large): (Vec<_>, Vec<_>) = crates.into_iter().partition(|(_, bytes)| *bytes < SMALL);
        large.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        large.push(("all others", small.into_iter().map(|(_, bytes)| bytes).sum()));
        large.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
    }

    fn largest(&self) -> Vec<&Function> {
        let mut functions: Vec<_> = self.functions.iter().collect();
        functions.sort_by_key(|function| std::cmp::Reverse(function.bytes));
        functions.truncate(FUNCTIONS);
        functions
    }
}

/// The crate that a function is there for: the first one that its name tells beyond the standard library. What tells none is the standard
/// library's own, such as `memcpy` and `<str>::to_lowercase`.
fn owner(name: &str) -> &str {
    crates(name).find(|name| !STANDARD.contains(name)).unwrap_or("the standard library")
}

/// The crates that a demangled name tells: the first parts of its paths.
fn crates(name: &str) -> impl Iterator<Item = &str> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    name.match_indices("::").filter_map(move |(end, _)| {
        let start = name[..end].rfind(|character| !is_word(character)).map_or(0, |before| before + 1);
        let word = &name[start..end];
        (word.starts_with(|character: char| character.is_ascii_lowercase()) && !name[..start].ends_with(':')).then_some(word)
    })
}

/// A name without what tells two versions of a crate apart, as in `core[1f2e3d4c]::fmt`.
fn without_hashes(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(start) = rest.find('[') {
        let (before, after) = rest.split_at(start);
        text += before;
        rest = match after[1..].split_once(']') {
            Some((hash, behind)) if hash.len() > 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => behind,
            _ => {
                text.push('[');
                &after[1..]
            }
        };
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generic_function_counts_for_whose_type_it_has() {
        for (name, expected) in [
            ("core::fmt::write", "the standard library"),
            ("<alloc::vec::Vec<convoke_core::model::Event>>::push", "convoke_core"),
            ("core::slice::sort::drift::sort::<(u8, [app::ui::Row; 2])>", "app"),
            ("<yew::html::Scope<app::ui::Shell>>::render", "yew"),
            ("memcpy", "the standard library"),
        ] {
            assert_eq!(owner(name), expected, "{name}");
        }
    }

    #[test]
    fn hashes_go_and_slices_stay() {
        assert_eq!(without_hashes("<[u8] as core[1f2e3d4c5b6a7988]::fmt::Debug>::fmt"), "<[u8] as core::fmt::Debug>::fmt");
    }
}
