use super::*;

/// The smallest manifest there can be, for tests to bend.
const SMALL: &str = r#"
[[model]]
name = "small"
aliases = ["default", "tiny"]
architecture = "qwen2"
files = [{ name = "small.gguf", size = 3, sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" }]
source = { kind = "wheels", wheels = [{ package = "small-part1", version = "1.0", entry = "small/part1" }] }
prompt = { template = "German: {source}\nEnglish:", end = ["<eos>"] }
"#;

fn parse(text: &str) -> Result<Manifest, String> {
    Manifest::parse(text, vec!["/manifest".into()])
}

fn fault(change: (&str, &str)) -> String {
    let bent = SMALL.replace(change.0, change.1);
    assert_ne!(bent, SMALL, "{} does not occur", change.0);
    parse(&bent).unwrap_err()
}

#[test]
fn the_embedded_manifest_is_valid_and_complete() {
    let manifest = Manifest::embedded().unwrap();
    for (name, architecture) in [
        ("qwen2.5-coder-1.5b-instruct", Architecture::Qwen2),
        ("gemma-3-270m", Architecture::Gemma3),
        ("opus-mt-de-en", Architecture::Marian),
    ] {
        let entry = manifest.find(name).unwrap();
        assert_eq!(entry.architecture, Some(architecture));
        assert!(entry.licence.is_some());
    }
    for alias in ["default", "best", "fast", "large"] {
        assert!(manifest.find(alias).is_ok(), "{alias}");
    }
    assert!(manifest.prompt_of(Architecture::Gemma3).is_some());
    assert_eq!(manifest.prompt_of(Architecture::Marian), None);
}

#[test]
fn wheels_are_listed_in_the_order_of_their_parts() {
    let manifest = Manifest::embedded().unwrap();
    for entry in manifest.entries() {
        if let Source::Wheels { wheels } = &entry.source {
            for (at, wheel) in wheels.iter().enumerate() {
                assert!(
                    wheel.package.ends_with(&format!("-part{}", at + 1)),
                    "{wheel:?}"
                );
            }
        }
    }
}

#[test]
fn reads_a_manifest_with_everything_left_out_that_may_be() {
    let manifest = parse(SMALL).unwrap();
    let entry = manifest.find("tiny").unwrap();
    assert_eq!(entry.name, "small");
    assert_eq!(entry.size(), Some(3));
    assert_eq!(entry.limits, Limits::default());
    assert_eq!(entry.prompt(Task::Translate), entry.prompt.as_ref());
    let Source::Wheels { wheels } = &entry.source else {
        panic!("{:?}", entry.source)
    };
    assert_eq!(wheels[0].requirement(), "small-part1==1.0");
}

#[test]
fn says_what_is_wrong_with_a_manifest() {
    for (change, message) in [
        (("qwen2", "qwen9"), "unknown variant `qwen9`"),
        (("architecture = \"qwen2\"", ""), "architecture is missing"),
        (
            ("ba7816bf", "zz7816bf"),
            "is not a SHA-256 of 64 hexadecimal digits",
        ),
        (("\"tiny\"", "\"small\""), "\"small\" is given twice"),
        (("\"default\", ", ""), "no model has the alias \"default\""),
        (
            ("name = \"small\"", "name = \"../small\""),
            "cannot be a model's name",
        ),
        (
            ("name = \"small\"", "name = \"small.gguf\""),
            "looks like a file",
        ),
        (
            ("name = \"small.gguf\"", "name = \"../small.gguf\""),
            "cannot be a file's name",
        ),
        (("size = 3, ", ""), "needs size and sha256"),
        (
            ("size = 3", "alternative = \"small.bin\", size = 3"),
            "size and sha256 cannot be stated",
        ),
        (
            ("size = 3", "alternative = \"../small\""),
            "cannot be a file's name",
        ),
        (("size = 3", "size = 0"), "cannot have the size 0"),
        (("size = 3", "size = -3"), "invalid value"),
        (("small-part1", "--index-url"), "cannot be a package"),
        (("\"1.0\"", "\"1.0 --pre\""), "cannot be a version"),
        (("small/part1", ""), "needs an entry"),
        (("{source}", "the text"), "{source} exactly once"),
        (("[\"<eos>\"]", "[]"), "end must name the tokens"),
        (("end =", "stop ="), "unknown field `stop`"),
        (
            ("kind = \"wheels\"", "kind = \"torrent\""),
            "unknown variant `torrent`",
        ),
    ] {
        let found = fault(change);
        assert!(found.contains(message), "{change:?} gives {found}");
    }
}

#[test]
fn a_broken_file_names_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.toml");
    let missing = Manifest::load(&path).unwrap_err();
    assert!(missing.to_string().contains("my.toml"), "{missing}");
    std::fs::write(&path, "[[model]]\nname = 3").unwrap();
    let broken = Manifest::load(&path).unwrap_err();
    assert_eq!(broken.code(), crate::error::Code::Config);
    assert!(broken.to_string().contains("line 2"), "{broken}");
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    let error = parse(SMALL).unwrap().resolve("gpt").unwrap_err();
    assert_eq!(
        error.to_string(),
        "no model is called \"gpt\"; known models: small (default, tiny)"
    );
}

#[test]
fn an_adapter_brings_its_prompt_and_is_verified() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.toml");
    let adapted = format!(
        "{SMALL}\n[[model.adapters]]\ntask = \"translate\"\npath = \"a.safetensors\"\n\
         sha256 = \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"\n\
         prompt = {{ template = \"{{source}} = \", end = [\"<eos>\"] }}\n"
    );
    std::fs::write(&path, &adapted).unwrap();
    let manifest = Manifest::load(&path).unwrap();
    let entry = manifest.find("default").unwrap();
    let adapter = entry.adapter(Task::Translate).unwrap();
    assert_eq!(entry.prompt(Task::Translate).unwrap().around(), ("", " = "));
    assert_eq!(entry.prompt(Task::Summarize), entry.prompt.as_ref());

    let missing = manifest.adapter_path(adapter).unwrap_err();
    assert!(matches!(missing, Error::Config(_)), "{missing}");
    std::fs::write(folder.path().join("a.safetensors"), "abc").unwrap();
    assert_eq!(
        manifest.adapter_path(adapter).unwrap(),
        folder.path().join("a.safetensors")
    );
    std::fs::write(folder.path().join("a.safetensors"), "abd").unwrap();
    let damaged = manifest.adapter_path(adapter).unwrap_err();
    assert!(matches!(damaged, Error::Corrupt(_)), "{damaged}");

    let section = &adapted[SMALL.len()..];
    let twice = parse(&format!("{adapted}{section}")).unwrap_err();
    assert!(twice.contains("a task can have only one"), "{twice}");

    let idle = parse(&adapted.replace("\"translate\"", "\"summarize\"")).unwrap_err();
    assert!(idle.contains("only translate is possible"), "{idle}");

    let marian = SMALL.replace("qwen2", "marian").replace("prompt = ", "# ");
    let idle = parse(&format!("{marian}{section}")).unwrap_err();
    assert!(idle.contains("a marian model takes none"), "{idle}");

    let outside = parse(&adapted.replace("a.safetensors", "../a.safetensors")).unwrap_err();
    assert!(outside.contains("below the manifest's folder"), "{outside}");
}

#[test]
fn a_folder_source_starts_at_the_manifest() {
    let text = SMALL.replace(
        "source = { kind = \"wheels\", wheels = [{ package = \"small-part1\", version = \"1.0\", entry = \"small/part1\" }] }",
        "source = { kind = \"folder\", path = \"weights\" }",
    );
    let manifest = parse(&text).unwrap();
    assert_eq!(
        manifest.find("small").unwrap().source,
        Source::Folder {
            path: "/manifest/weights".into()
        }
    );
}

#[test]
fn paths_are_models_too() {
    let manifest = parse(SMALL).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let name = |file: &str| folder.path().join(file).display().to_string();
    let resolve = |file: &str| manifest.resolve(&name(file));

    assert!(
        resolve("mine.gguf")
            .unwrap_err()
            .to_string()
            .contains("no such file or folder")
    );
    std::fs::write(name("mine.gguf"), "weights").unwrap();
    let file = resolve("mine.gguf").unwrap();
    assert_eq!(
        (file.name.as_str(), file.size(), file.architecture),
        ("mine", Some(7), None)
    );
    assert_eq!(resolve("").unwrap(), file, "a folder with one .gguf");

    std::fs::write(name("other.GGUF"), "weights").unwrap();
    assert!(
        resolve("")
            .unwrap_err()
            .to_string()
            .contains("several .gguf files")
    );

    std::fs::write(name("notes.txt"), "").unwrap();
    assert!(
        resolve("notes.txt")
            .unwrap_err()
            .to_string()
            .contains("not a .gguf")
    );

    std::fs::create_dir(name("marian")).unwrap();
    for file in [
        "config.json",
        "model.safetensors",
        "source.spm",
        "target.spm",
    ] {
        std::fs::write(name(&format!("marian/{file}")), "{}").unwrap();
    }
    let partial = resolve("marian").unwrap_err();
    assert!(
        partial.to_string().contains("lacks vocab.json"),
        "{partial}"
    );
    std::fs::write(name("marian/vocab.json"), "{}").unwrap();
    std::fs::remove_file(name("marian/model.safetensors")).unwrap();
    let weightless = resolve("marian").unwrap_err();
    assert!(
        weightless
            .to_string()
            .contains("lacks model.safetensors or pytorch_model.bin"),
        "{weightless}"
    );
    std::fs::write(name("marian/pytorch_model.bin"), "{}").unwrap();
    let marian = resolve("marian").unwrap();
    assert_eq!(marian.architecture, Some(Architecture::Marian));
    assert_eq!(marian.limits.window, 512);
}
