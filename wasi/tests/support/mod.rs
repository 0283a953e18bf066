//! A program whose every step the test decides: it exports what it imports, and its memory.

#![allow(dead_code, reason = "no test file uses all of it")]

use headwater::{Config, Engine, Error, Func, Instance, Linker, Memory, Module, Store, Trap, Val, ValType};
use headwater_wasi::p1::{self, WasiP1Ctx};

/// The functions of WASI that tests call; `i` is an i32 parameter, `I` an i64.
const FUNCTIONS: [(&str, &str); 26] = [
    ("args_get", "ii"),
    ("args_sizes_get", "ii"),
    ("environ_get", "ii"),
    ("environ_sizes_get", "ii"),
    ("clock_res_get", "ii"),
    ("clock_time_get", "iIi"),
    ("fd_close", "i"),
    ("fd_fdstat_get", "ii"),
    ("fd_filestat_set_size", "iI"),
    ("fd_filestat_set_times", "iIIi"),
    ("fd_prestat_get", "ii"),
    ("fd_prestat_dir_name", "iii"),
    ("fd_read", "iiii"),
    ("fd_readdir", "iiiIi"),
    ("fd_seek", "iIii"),
    ("fd_write", "iiii"),
    ("path_create_directory", "iii"),
    ("path_filestat_get", "iiiii"),
    ("path_link", "iiiiiii"),
    ("path_open", "iiiiiIIii"),
    ("path_rename", "iiiiii"),
    ("path_symlink", "iiiii"),
    ("path_unlink_file", "iii"),
    ("poll_oneoff", "iiii"),
    ("random_get", "ii"),
    ("sched_yield", ""),
];

pub const BADF: i32 = 8;
pub const NOENT: i32 = 44;
pub const NOSPC: i32 = 51;
pub const PERM: i32 = 63;
pub const NOTCAPABLE: i32 = 76;

/// Where calls get their results, and where buffers are.
pub const RESULT: usize = 8;
pub const BUFFER: usize = 1024;
const IOVEC: usize = 16;
const PATH: usize = 64;

/// Rights of everything there is to do with a file.
const ALL_RIGHTS: i64 = 0x1fff_ffff;

pub struct Guest {
    pub store: Store<WasiP1Ctx>,
    instance: Instance,
    memory: Memory,
}

fn source() -> String {
    let (mut imports, mut wrappers) = (String::new(), String::new());
    for (name, params) in FUNCTIONS {
        let types: Vec<&str> = params.chars().map(|c| if c == 'I' { "i64" } else { "i32" }).collect();
        let gets: String = (0..types.len()).map(|i| format!("(local.get {i})")).collect();
        let ty = format!("(param {}) (result i32)", types.join(" "));
        imports += &format!("(import \"wasi_snapshot_preview1\" \"{name}\" (func ${name} {ty}))\n");
        wrappers += &format!("(func (export \"{name}\") {ty} (call ${name} {gets}))\n");
    }
    format!("(module {imports} (memory (export \"memory\") 4) {wrappers})")
}

/// An engine whose programs can be interrupted.
pub fn engine_with_epochs() -> Engine {
    Engine::new(Config::new().epoch_interruption(true)).expect("a supported setting")
}

impl Guest {
    pub fn new(ctx: WasiP1Ctx) -> Guest {
        Guest::of(&Engine::default(), ctx)
    }

    pub fn of(engine: &Engine, ctx: WasiP1Ctx) -> Guest {
        let module = Module::new(engine, wat::parse_str(source()).expect("valid text")).expect("a valid module");
        let mut linker = Linker::new(engine);
        p1::add_to_linker_sync(&mut linker, |ctx| ctx).expect("nothing is defined yet");
        let mut store = Store::new(engine, ctx);
        let instance = linker.instantiate(&mut store, &module).expect("WASI has all of its functions");
        let memory = instance.get_memory(&mut store, "memory").expect("it is exported");
        Guest { store, instance, memory }
    }

    /// Calls a function of WASI with arguments of any integer type.
    pub fn try_call(&mut self, name: &str, args: &[i64]) -> Result<i32, Error> {
        let func: Func = self.instance.get_func(&mut self.store, name).expect("it is in the list");
        let params: Vec<ValType> = func.ty(&self.store).params().collect();
        let args: Vec<Val> = params
            .iter()
            .zip(args)
            .map(|(ty, &arg)| if matches!(ty, ValType::I64) { Val::I64(arg) } else { Val::I32(arg as i32) })
            .collect();
        let mut results = [Val::I32(0)];
        func.call(&mut self.store, &args, &mut results)?;
        Ok(results[0].unwrap_i32())
    }

    pub fn call(&mut self, name: &str, args: &[i64]) -> i32 {
        self.try_call(name, args).unwrap_or_else(|error| panic!("{name}: {error:#}"))
    }

    /// A call that succeeds.
    pub fn ok(&mut self, name: &str, args: &[i64]) {
        assert_eq!(self.call(name, args), 0, "{name}");
    }

    pub fn put(&mut self, at: usize, bytes: &[u8]) {
        self.memory.write(&mut self.store, at, bytes).expect("within the memory");
    }

    pub fn get(&self, at: usize, len: usize) -> Vec<u8> {
        self.memory.data(&self.store)[at..at + len].to_vec()
    }

    pub fn u32_at(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.get(at, 4).try_into().expect("four bytes"))
    }

    pub fn u64_at(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.get(at, 8).try_into().expect("eight bytes"))
    }

    fn buffer(&mut self, len: usize) -> [i64; 3] {
        self.put(IOVEC, &(BUFFER as u32).to_le_bytes());
        self.put(IOVEC + 4, &(len as u32).to_le_bytes());
        [IOVEC as i64, 1, RESULT as i64]
    }

    /// Reads at most `most` bytes, or the number of an error.
    pub fn try_read(&mut self, fd: i64, most: usize) -> Result<Result<Vec<u8>, i32>, Error> {
        let [iovs, count, result] = self.buffer(most);
        Ok(match self.try_call("fd_read", &[fd, iovs, count, result])? {
            0 => Ok(self.get(BUFFER, self.u32_at(RESULT) as usize)),
            errno => Err(errno),
        })
    }

    pub fn read(&mut self, fd: i64, most: usize) -> Result<Vec<u8>, i32> {
        self.try_read(fd, most).unwrap_or_else(|error| panic!("fd_read: {error:#}"))
    }

    /// Writes; how many bytes were taken, or the number of an error.
    pub fn try_write(&mut self, fd: i64, bytes: &[u8]) -> Result<Result<usize, i32>, Error> {
        let [iovs, count, result] = self.buffer(bytes.len());
        self.put(BUFFER, bytes);
        Ok(match self.try_call("fd_write", &[fd, iovs, count, result])? {
            0 => Ok(self.u32_at(RESULT) as usize),
            errno => Err(errno),
        })
    }

    pub fn write(&mut self, fd: i64, bytes: &[u8]) -> Result<usize, i32> {
        self.try_write(fd, bytes).unwrap_or_else(|error| panic!("fd_write: {error:#}"))
    }

    fn path(&mut self, path: &str) -> [i64; 2] {
        self.put(PATH, path.as_bytes());
        [PATH as i64, path.len() as i64]
    }

    /// Calls a function that takes a directory and a path.
    pub fn at(&mut self, name: &str, dir: i64, path: &str) -> i32 {
        let [path, len] = self.path(path);
        self.call(name, &[dir, path, len])
    }

    /// Links or renames `from` in one directory to `to` in another.
    pub fn transfer(&mut self, name: &str, (dir, from): (i64, &str), (to_dir, to): (i64, &str)) -> i32 {
        const OTHER: usize = 300;
        let [path, len] = self.path(from);
        self.put(OTHER, to.as_bytes());
        let (other, other_len) = (OTHER as i64, to.len() as i64);
        match name {
            "path_link" => self.call(name, &[dir, 0, path, len, to_dir, other, other_len]),
            _ => self.call(name, &[dir, path, len, to_dir, other, other_len]),
        }
    }

    /// Opens for reading, and for writing; `oflags`: 1 creates, 8 truncates.
    pub fn try_open(&mut self, dir: i64, path: &str, oflags: i64, write: bool) -> Result<Result<i64, i32>, Error> {
        const FD_WRITE: i64 = 1 << 6;
        let [path, len] = self.path(path);
        let rights = if write { ALL_RIGHTS } else { ALL_RIGHTS & !FD_WRITE };
        // Follows links.
        let args = [dir, 1, path, len, oflags, rights, ALL_RIGHTS, 0, RESULT as i64];
        Ok(match self.try_call("path_open", &args)? {
            0 => Ok(self.u32_at(RESULT).into()),
            errno => Err(errno),
        })
    }

    pub fn open(&mut self, dir: i64, path: &str, oflags: i64, write: bool) -> Result<i64, i32> {
        self.try_open(dir, path, oflags, write).unwrap_or_else(|error| panic!("path_open: {error:#}"))
    }

    /// Waits for these; the events: what was waited for (`userdata`), its error, and its bytes.
    pub fn try_poll(&mut self, subscriptions: &[[u8; 48]]) -> Result<Vec<(u64, u16, u64)>, Error> {
        const EVENTS: usize = 8192;
        for (i, subscription) in subscriptions.iter().enumerate() {
            self.put(BUFFER + 48 * i, subscription);
        }
        let args = [BUFFER as i64, EVENTS as i64, subscriptions.len() as i64, RESULT as i64];
        assert_eq!(self.try_call("poll_oneoff", &args)?, 0, "poll_oneoff");
        let mut events = Vec::new();
        for at in (EVENTS..).step_by(32).take(self.u32_at(RESULT) as usize) {
            let error = u16::from_le_bytes(self.get(at + 8, 2).try_into().expect("two bytes"));
            events.push((self.u64_at(at), error, self.u64_at(at + 16)));
        }
        Ok(events)
    }

    pub fn poll(&mut self, subscriptions: &[[u8; 48]]) -> Vec<(u64, u16, u64)> {
        self.try_poll(subscriptions).unwrap_or_else(|error| panic!("poll_oneoff: {error:#}"))
    }
}

pub const REALTIME: u32 = 0;
pub const MONOTONIC: u32 = 1;

/// A subscription to a time of a clock, absolute or from now on.
pub fn clock(userdata: u64, id: u32, timeout: u64, absolute: bool) -> [u8; 48] {
    let mut bytes = [0; 48];
    bytes[..8].copy_from_slice(&userdata.to_le_bytes());
    bytes[16..20].copy_from_slice(&id.to_le_bytes());
    bytes[24..32].copy_from_slice(&timeout.to_le_bytes());
    bytes[40] = absolute.into();
    bytes
}

/// A subscription to a file that can be read, or written.
pub fn ready(userdata: u64, fd: u32, write: bool) -> [u8; 48] {
    let mut bytes = [0; 48];
    bytes[..8].copy_from_slice(&userdata.to_le_bytes());
    bytes[8] = if write { 2 } else { 1 };
    bytes[16..20].copy_from_slice(&fd.to_le_bytes());
    bytes
}

pub fn is_interrupt(error: &Error) -> bool {
    error.downcast_ref() == Some(&Trap::Interrupt)
}
