//! The data folder: what an installation keeps between runs.
//! It must not create the folder; who writes does.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// The variable that names the data folder.
pub const HOME: &str = "DEMINIMIS_HOME";

/// The data folder: `DEMINIMIS_HOME`, else the platform's place for a user's data. `None` if the
/// surroundings name neither.
#[must_use]
pub fn data_folder() -> Option<PathBuf> {
    folder(|name| env::var_os(name).filter(|value| !value.is_empty()))
}

fn folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let place = |name: &str| variable(name).map(PathBuf::from);
    if let Some(own) = place(HOME) {
        return Some(own);
    }
    let platform = if cfg!(windows) {
        place("APPDATA")
    } else if cfg!(target_os = "macos") {
        place("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        // The XDG base directory specification ignores a path that is not absolute.
        let xdg = place("XDG_DATA_HOME").filter(|path| path.is_absolute());
        xdg.or_else(|| place("HOME").map(|home| home.join(".local/share")))
    };
    platform.map(|place| place.join("deminimis"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Option<PathBuf> {
        folder(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_variable_comes_first() {
        let own = of(&[(HOME, "/srv/d"), ("HOME", "/home/a"), ("APPDATA", "C:\\a")]);
        assert_eq!(own, Some(PathBuf::from("/srv/d")));
        assert_eq!(of(&[]), None);
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn then_the_place_of_the_platform() {
        let home = ("HOME", "/home/a");
        let usual = Some(PathBuf::from("/home/a/.local/share/deminimis"));
        assert_eq!(of(&[home]), usual);
        assert_eq!(of(&[home, ("XDG_DATA_HOME", "relative")]), usual);
        let xdg = of(&[home, ("XDG_DATA_HOME", "/data")]);
        assert_eq!(xdg, Some(PathBuf::from("/data/deminimis")));
    }
}
