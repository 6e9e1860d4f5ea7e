//! Reads a folder of law: for the build of this crate, and for `--law`. Both see the same files in
//! the same order, so the same law has the same hash.

use deminimis_law::SourceFile;
use std::path::Path;
use std::{fs, io};

/// All law files (`.toml`, `.csv`) below `root` in the order of their paths.
///
/// # Errors
/// The folder or a file in it cannot be read.
pub fn read(root: &Path) -> io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    collect(root, root, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path
            .extension()
            .is_some_and(|ending| ending == "toml" || ending == "csv")
        {
            let name = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            files.push(SourceFile {
                path: name,
                text: fs::read_to_string(&path)?,
            });
        }
    }
    Ok(())
}
