//! Checks `law/us` and writes its compact form; a defect in the law stops the build and is named.

use deminimis_law::Rulebook;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/folder.rs"]
mod folder;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../us");
    println!("cargo::rerun-if-changed={}", root.display());
    let files = folder::read(&root)?;
    let (book, cases) = match Rulebook::load(&files) {
        Ok(loaded) => loaded,
        Err(errors) => {
            for error in &errors {
                println!("cargo::error=law/us/{error}");
            }
            return Err("the law does not pass its checks".into());
        }
    };
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("rulebook.bin"), book.to_bytes())?;
    fs::write(out.join("cases.bin"), cases.to_bytes())?;
    fs::write(out.join("hash.txt"), book.hash())?;
    Ok(())
}
