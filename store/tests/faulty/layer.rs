//! The file layer as SQLite calls it. The only part of the tests that is not safe Rust: each
//! function hands over to the system's own layer, whose file lies behind ours in one allocation of
//! SQLite's.

#![allow(unsafe_code, reason = "SQLite takes a file layer as C functions")]

use super::{Disk, Op};
use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::Path;
use std::sync::{Arc, Once};

/// A file as SQLite holds it; the system's file follows it in memory.
#[repr(C)]
struct File {
    base: sqlite3_file,
    /// Null for a file of a folder that is not watched.
    place: *mut Place,
}

struct Place {
    disk: Arc<Disk>,
    name: String,
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // Without mapped reads, which would go past this layer.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

static ONCE: Once = Once::new();

/// Makes this the layer of every connection that names none.
pub fn install() {
    ONCE.call_once(|| {
        // SAFETY: SQLite's own layers live as long as the program, and so does the leaked copy,
        // which differs in name, file size and two functions that keep the contract.
        unsafe {
            ffi::sqlite3_initialize();
            let system = ffi::sqlite3_vfs_find(std::ptr::null());
            assert!(!system.is_null(), "SQLite has a file layer");
            let ours = Box::new(sqlite3_vfs {
                pNext: std::ptr::null_mut(),
                zName: c"faulty".as_ptr(),
                pAppData: system.cast(),
                szOsFile: (*system).szOsFile + size_of::<File>() as c_int,
                xOpen: Some(open),
                xDelete: Some(delete),
                ..*system
            });
            assert_eq!(ffi::sqlite3_vfs_register(Box::into_raw(ours), 1), 0);
        }
    });
}

/// The system's file behind ours.
unsafe fn inner(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: SQLite allocates `szOsFile` bytes, which is ours and then the system's.
    unsafe { file.cast::<File>().add(1).cast() }
}

unsafe fn methods<'a>(file: *mut sqlite3_file) -> &'a sqlite3_io_methods {
    // SAFETY: the system's layer set its methods when it opened the file.
    unsafe { &*(*file).pMethods }
}

unsafe fn place<'a>(file: *mut sqlite3_file) -> Option<&'a Place> {
    // SAFETY: set in `open` and freed in `close`, after which SQLite does not use the file.
    unsafe { (*file.cast::<File>()).place.as_ref() }
}

unsafe fn place_of(name: *const c_char) -> Option<(Arc<Disk>, String)> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite gives names that end with a zero.
    let name = unsafe { CStr::from_ptr(name) };
    Disk::of(Path::new(name.to_str().ok()?))
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: as SQLite calls it; the layer below is the one of `install`.
    unsafe {
        let system: *mut sqlite3_vfs = (*vfs).pAppData.cast();
        let new = flags & ffi::SQLITE_OPEN_CREATE != 0
            && place_of(name).is_some()
            && !Path::new(CStr::from_ptr(name).to_str().unwrap_or_default()).exists();
        (*file).pMethods = std::ptr::null();
        let result = (*system).xOpen.expect("a layer opens")(system, name, inner(file), flags, out);
        if result != ffi::SQLITE_OK {
            if let Some(methods) = (*inner(file)).pMethods.as_ref() {
                methods.xClose.expect("a file closes")(inner(file));
            }
            return result;
        }
        let ours = file.cast::<File>();
        (*ours).place = std::ptr::null_mut();
        if let Some((disk, name)) = place_of(name) {
            if new {
                disk.note(|| Op::Create(name.clone()));
            }
            (*ours).place = Box::into_raw(Box::new(Place { disk, name }));
        }
        (*file).pMethods = &raw const METHODS;
        result
    }
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, durable: c_int) -> c_int {
    // SAFETY: as SQLite calls it.
    unsafe {
        let system: *mut sqlite3_vfs = (*vfs).pAppData.cast();
        let place = place_of(name);
        // Made durable by the image alone.
        let durable_below = if place.is_some() { 0 } else { durable };
        let result = (*system).xDelete.expect("a layer deletes")(system, name, durable_below);
        if let (ffi::SQLITE_OK, Some((disk, name))) = (result, place) {
            disk.note(|| Op::Delete(name, durable != 0));
        }
        result
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once.
    unsafe {
        let ours = file.cast::<File>();
        if !(*ours).place.is_null() {
            drop(Box::from_raw((*ours).place));
        }
        methods(inner(file)).xClose.expect("a file closes")(inner(file))
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite gives `length` bytes.
    unsafe {
        let below = methods(inner(file)).xWrite.expect("a file is written");
        let Some(place) = place(file) else {
            return below(inner(file), bytes, length, at);
        };
        let whole = usize::try_from(length).unwrap_or(0);
        let room = place.disk.room(whole);
        let result = below(inner(file), bytes, room as c_int, at);
        if result == ffi::SQLITE_OK && room > 0 {
            let written = std::slice::from_raw_parts(bytes.cast::<u8>(), room);
            let at = usize::try_from(at).unwrap_or(0);
            place
                .disk
                .note(|| Op::Write(place.name.clone(), at, written.to_vec()));
        }
        if room < whole {
            return ffi::SQLITE_FULL;
        }
        result
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    // SAFETY: as SQLite calls it.
    unsafe {
        let below = methods(inner(file)).xTruncate.expect("a file is cut");
        let result = below(inner(file), size);
        if let (ffi::SQLITE_OK, Some(place)) = (result, place(file)) {
            let size = usize::try_from(size).unwrap_or(0);
            place.disk.note(|| Op::Truncate(place.name.clone(), size));
        }
        result
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: as SQLite calls it.
    unsafe {
        match place(file) {
            Some(place) => place.disk.sync(&place.name),
            None => methods(inner(file)).xSync.expect("a file is synced")(inner(file), flags),
        }
    }
}

/// Hands a call over to the system's file.
macro_rules! hand_over {
    ($($name:ident = $method:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file, $($argument: $type),*) -> $result {
            // SAFETY: as SQLite calls it.
            unsafe {
                let below = methods(inner(file)).$method.expect("the system's layer has it");
                below(inner(file), $($argument),*)
            }
        }
    )*};
}

hand_over! {
    read = xRead(to: *mut c_void, length: c_int, at: sqlite3_int64) -> c_int;
    file_size = xFileSize(size: *mut sqlite3_int64) -> c_int;
    lock = xLock(level: c_int) -> c_int;
    unlock = xUnlock(level: c_int) -> c_int;
    check_reserved_lock = xCheckReservedLock(out: *mut c_int) -> c_int;
    file_control = xFileControl(op: c_int, argument: *mut c_void) -> c_int;
    sector_size = xSectorSize() -> c_int;
    device_characteristics = xDeviceCharacteristics() -> c_int;
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, to: *mut *mut c_void) -> c_int;
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int) -> c_int;
    shm_barrier = xShmBarrier() -> ();
    shm_unmap = xShmUnmap(delete: c_int) -> c_int;
}
