//! Cuts the linked program in two along the borders that `src/bin/app/parts.rs` draws. Owns the cutting and how the glue comes to know the
//! part that is loaded later; where the border runs is the program's business.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use wasmparser::{Parser, Payload};

/// Further settings of cargo's without which there is nothing to cut: the linker's notes on what refers to what, and its names.
pub(crate) const SETTINGS: [&str; 2] = ["--config", "profile.release.strip='none'"];
/// What the compiler is told beyond the usual.
pub(crate) const RUST_FLAG: &str = "-Clink-args=--emit-relocs";
/// The cargo feature that draws the borders.
pub(crate) const FEATURE: &str = "split";
/// The module that the tool writes to load the parts, as the glue names it.
const LOADER: &str = "./__wasm_split.js";

/// A program in two pieces.
pub(crate) struct Pieces {
    /// What wasm-bindgen takes.
    pub(crate) main: PathBuf,
    /// What is loaded later: the name that the loader knows, and the module.
    pub(crate) later: Vec<(String, Vec<u8>)>,
    loader: String,
}

/// Cuts `wasm`, whose glue will be called `<name>.js`, and leaves the pieces in `directory`.
pub(crate) fn cut(wasm: &Path, name: &str, directory: &Path) -> Result<Pieces> {
    let module = fs::read(wasm).with_context(|| format!("{} cannot be read", wasm.display()))?;
    let (main, glue) = (directory.join("main.wasm"), format!("./{name}.js"));
    let mut options = wasm_split_cli_support::Options::new(&module);
    (options.output_dir, options.main_out_path, options.main_module, options.link_name) = (directory, &main, &glue, LOADER);
    let split =
        wasm_split_cli_support::transform(options).map_err(|error| anyhow::anyhow!("the program cannot be cut in two: {error:#}"))?;
    let mut later = Vec::new();
    for path in &split.split_modules {
        let name = path.file_name().and_then(|name| name.to_str()).context("a part without a name")?;
        later.push((name.to_owned(), without_names(&fs::read(path)?)?));
    }
    if later.is_empty() {
        bail!("Nothing is left to be loaded later: whatever is behind the border is also named in front of it");
    }
    Ok(Pieces { main, later, loader: fs::read_to_string(directory.join(LOADER))? })
}

/// The glue with the loader in it, so that the two need not know each other's file names; `address` tells where a part will be.
pub(crate) fn join(glue: &str, pieces: &Pieces, address: impl Fn(&str) -> Result<String>) -> Result<String> {
    // One for each part that the program names.
    let imports: Vec<&str> = glue.lines().filter(|line| line.contains(LOADER) && line.starts_with("import ")).collect();
    if imports.is_empty() {
        bail!("The glue loads no part");
    }
    let mut loader = String::new();
    let mut exported = Vec::new();
    for line in pieces.loader.lines().map(str::trim_start) {
        if line.starts_with("import ") || line.starts_with("//") || line.starts_with("/*") {
            continue;
        }
        match line.strip_prefix("export const ") {
            Some(rest) => {
                exported.push(rest.split(' ').next().unwrap_or(rest));
                loader.extend(["const ", rest]);
            }
            None => loader.push_str(line),
        }
        loader.push('\n');
    }
    for (name, _) in &pieces.later {
        let quoted = format!("\"./{name}\"");
        if loader.matches(&quoted).count() != 1 {
            bail!("The loader does not say once where {name} is");
        }
        loader = loader.replace(&quoted, &format!("\"{}\"", address(name)?));
    }
    let mut glue = glue.to_owned();
    for import in imports {
        let object = import.split_whitespace().nth(3).context("the glue imports the loader in an unknown way")?;
        loader.push_str(&format!("const {object} = {{ {} }};\n", exported.join(", ")));
        glue = glue.replacen(import, "", 1);
    }
    Ok(loader + &glue)
}

/// A module without the sections that only serve debuggers.
fn without_names(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut kept = wasm.get(..8).context("not a module")?.to_vec();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if matches!(&payload, Payload::CustomSection(section) if section.name() != "target_features") {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            kept.push(id);
            let mut length = range.len();
            while length > 0x7f {
                kept.push((length & 0x7f) as u8 | 0x80);
                length >>= 7;
            }
            kept.push(length as u8);
            kept.extend(&wasm[range]);
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    fn pieces(loader: &str) -> Pieces {
        Pieces { main: PathBuf::new(), later: vec![("split_later.wasm".to_owned(), Vec::new())], loader: loader.to_owned() }
    }

    #[test]
    fn the_loader_moves_into_the_glue() {
        let loader = "import { initSync } from \"./app.js\";\n/* later */\nexport const load = f(() => fetch(new URL(\"./split_later.wasm\", import.meta.url)));\n";
        let import = |name: &str| format!("import * as {name} from \"./__wasm_split.js\"\n");
        let glue = [&import("import1"), &import("import2"), "use(import1, import2);\n"].concat();
        let joined = join(&glue, &pieces(loader), |name| Ok(format!("./hashed-{name}"))).unwrap();
        assert_eq!(
            joined,
            "const load = f(() => fetch(new URL(\"./hashed-split_later.wasm\", import.meta.url)));\nconst import1 = { load };\nconst import2 = { load };\n\n\nuse(import1, import2);\n"
        );
    }

    #[test]
    fn a_part_that_nobody_loads_is_an_error() {
        assert!(
            join("import * as import1 from \"./__wasm_split.js\"\n", &pieces("export const load = 1;\n"), |_| Ok(String::new())).is_err()
        );
        assert!(join("use();\n", &pieces(""), |_| Ok(String::new())).is_err());
    }

    #[test]
    fn names_go_and_code_stays() {
        let mut module = walrus::Module::default();
        let mut function = walrus::FunctionBuilder::new(&mut module.types, &[], &[]);
        function.name("with_a_name".to_owned()).func_body().i64_const(7).drop();
        let id = function.finish(vec![], &mut module.funcs);
        module.exports.add("run", id);
        let whole = module.emit_wasm();
        let stripped = without_names(&whole).unwrap();
        let holds = |wasm: &[u8], text: &str| wasm.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds(&whole, "with_a_name") && !holds(&stripped, "with_a_name"));
        assert_eq!(walrus::Module::from_buffer(&stripped).unwrap().funcs.iter().count(), 1);
    }
}
