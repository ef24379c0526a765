//! A target with seeds and simple changes of them, in an order that is always the same: for machines without a C++ compiler,
//! which libFuzzer needs. `plain <target> <seconds> <seeds> <file>` writes what it was at into the file, when it fails.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What is being tried, for whoever reports that it failed.
static INPUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static TRIED: AtomicU64 = AtomicU64::new(0);

/// No input of a few thousand bytes takes so long.
const TOO_LONG: Duration = Duration::from_secs(20);

/// Longer inputs find little that shorter ones do not.
const LONGEST: usize = 4_096;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, seconds, seeds, file] = arguments.as_slice() else {
        eprintln!("usage: plain <target> <seconds> <seeds> <file>");
        std::process::exit(2);
    };
    let target = weir_fuzz::target(name).unwrap_or_else(|| panic!("`{name}` is no target"));
    let seconds: u64 = seconds.parse().expect("a number of seconds");
    let seeds = seeds_in(Path::new(seeds));
    assert!(!seeds.is_empty(), "there are no seeds of `{name}`");
    let file = PathBuf::from(file);
    let default = std::panic::take_hook();
    let own = file.clone();
    std::panic::set_hook(Box::new(move |panic| {
        default(panic);
        fail(&own, "it does not hold");
    }));
    std::thread::spawn(move || watch(&file));
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for seed in &seeds {
        attempt(target, seed.clone());
    }
    while Instant::now() < until {
        for _ in 0..16 {
            attempt(target, changed(&seeds, &mut chance));
        }
    }
    println!("{}", TRIED.load(Ordering::Relaxed));
}

fn seeds_in(folder: &Path) -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|entries| entries.filter_map(Result::ok).map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.sort();
    files.iter().filter_map(|file| std::fs::read(file).ok()).collect()
}

fn attempt(target: weir_fuzz::Target, input: Vec<u8>) {
    if let Ok(mut current) = INPUT.lock() {
        current.clone_from(&input);
    }
    target(&input);
    TRIED.fetch_add(1, Ordering::Relaxed);
}

fn fail(file: &Path, why: &str) -> ! {
    let input = INPUT.lock().map(|input| input.clone()).unwrap_or_default();
    let written = std::fs::write(file, &input);
    let _ = writeln!(std::io::stderr(), "{why}: {} bytes, written to {} ({written:?})", input.len(), file.display());
    std::process::exit(1)
}

fn watch(file: &Path) {
    loop {
        let before = TRIED.load(Ordering::Relaxed);
        std::thread::sleep(TOO_LONG);
        if TRIED.load(Ordering::Relaxed) == before {
            fail(file, "it takes too long");
        }
    }
}

/// A seed with one to eight changes.
fn changed(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut input = seeds[chance.below(seeds.len())].clone();
    for _ in 0..=chance.below(8) {
        let (from, to) = chance.range(input.len());
        match chance.below(7) {
            0 if !input.is_empty() => {
                let at = chance.below(input.len());
                input[at] ^= 1 << chance.below(8);
            }
            1 if !input.is_empty() => {
                let at = chance.below(input.len());
                input[at] = [b'"', b'\\', b'{', b'}', b'[', b']', b'\n', b'\r', b'%', b'-', b'=', 0, 0x1E, 0x80, 0xFF]
                    [chance.below(15)];
            }
            2 => drop(input.drain(from..to)),
            3 => {
                let piece = input[from..to].to_vec();
                input.splice(from..from, piece);
            }
            4 | 5 => {
                let other = &seeds[chance.below(seeds.len())];
                let (first, last) = chance.range(other.len());
                input.splice(from..to, other[first..last].iter().copied());
            }
            _ => input.insert(from, chance.below(256) as u8),
        }
        input.truncate(LONGEST);
    }
    input
}

/// Xorshift (Marsaglia 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }

    /// A range that is mostly short.
    fn range(&mut self, len: usize) -> (usize, usize) {
        let from = self.below(len + 1);
        let most = if self.below(4) == 0 { len - from } else { (len - from).min(16) };
        (from, from + self.below(most + 1))
    }
}
