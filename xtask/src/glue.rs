//! Makes what wasm-bindgen wrote smaller without changing what it does. Owns the names that the glue and the module know each other's
//! functions by, and white space.

use anyhow::{Context, Result, bail};
use walrus::ModuleConfig;

/// The module and its glue, with short names between them.
///
/// wasm-bindgen ends each name with 16 digits that tell apart what two crates import. After linking they only cost bytes, in both files,
/// and digits drawn by chance cannot be compressed.
pub(crate) fn shrink(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut module = ModuleConfig::new().generate_producers_section(false).generate_name_section(false).parse(wasm)?;
    let mut glue = without_comments(glue);
    let mut taken = Vec::new();
    // The loader of what comes later is a module of its own, with names of its own.
    for import in module.imports.iter_mut().filter(|import| import.module.ends_with("_bg.js")) {
        let short = short_name(&import.name, &taken);
        let (old, new) = (["\n", &import.name, ": "].concat(), ["\n", &short, ": "].concat());
        if glue.matches(&old).count() != 1 {
            bail!("The glue does not say once what {} is", import.name);
        }
        glue = glue.replace(&old, &new);
        import.name.clone_from(&short);
        taken.push(short);
    }
    Ok((module.emit_wasm(), glue))
}

/// A script without indentation, and without lines that hold nothing but a comment.
pub(crate) fn without_comments(script: &str) -> String {
    script.lines().map(str::trim_start).filter(|line| !is_comment(line)).flat_map(|line| [line, "\n"]).collect()
}

/// `addEventListener` for `__wbg_addEventListener_4d0db17c671ea324`, with a number where that is taken.
fn short_name(name: &str, taken: &[String]) -> String {
    let stem = name.trim_start_matches('_').trim_start_matches("wbg_").trim_start_matches("_wbindgen_").trim_start_matches("wbindgen_");
    let stem = match stem.rsplit_once('_') {
        Some((stem, digits)) if digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => stem,
        _ => stem,
    };
    let numbered = (2..).map(|number: u32| format!("{stem}{number}"));
    let mut names = std::iter::once(stem.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or_else(|| name.to_owned())
}

/// Whether a line holds nothing but a comment. The glue has no text of several lines that such a line could belong to.
fn is_comment(line: &str) -> bool {
    line.is_empty() || line.starts_with("//") || line.starts_with("/*") || line.starts_with("* ") || line == "*" || line == "*/"
}

/// As [`shrink`], in place.
pub(crate) fn shrink_files(wasm: &std::path::Path, glue: &std::path::Path) -> Result<()> {
    let (module, text) = (std::fs::read(wasm)?, std::fs::read_to_string(glue)?);
    let (module, text) = shrink(&module, &text).context("what wasm-bindgen wrote cannot be made smaller")?;
    std::fs::write(wasm, module)?;
    std::fs::write(glue, text)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    /// A module that imports these functions of `./app_bg.js`.
    fn importing(names: &[&str]) -> Vec<u8> {
        let mut module = walrus::Module::default();
        let signature = module.types.add(&[], &[]);
        for name in names {
            module.add_import_func("./app_bg.js", name, signature);
        }
        module.emit_wasm()
    }

    #[test]
    fn both_sides_get_the_same_short_names() {
        let wasm = importing(&["__wbg_add_0123456789abcdef", "__wbg_add_fedcba9876543210", "__wbindgen_init_externref_table"]);
        let glue = "/** A comment. */\n        __wbg_add_0123456789abcdef: a,\n        __wbg_add_fedcba9876543210: b,\n        __wbindgen_init_externref_table: c,\n";
        let (module, glue) = shrink(&wasm, &["{\n", glue].concat()).unwrap();
        assert_eq!(glue, "{\nadd: a,\nadd2: b,\ninit_externref_table: c,\n");
        let module = walrus::Module::from_buffer(&module).unwrap();
        assert_eq!(module.imports.iter().map(|import| import.name.as_str()).collect::<Vec<_>>(), ["add", "add2", "init_externref_table"]);
    }

    #[test]
    fn an_import_that_the_glue_does_not_know_is_an_error() {
        assert!(shrink(&importing(&["__wbg_add_0123456789abcdef"]), "{\n").is_err());
    }
}
