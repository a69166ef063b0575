use super::*;
use crate::store::tests::{hand, places, tamper, wait};

fn origin(model: &str) -> Origin {
    Origin {
        model: model.into(),
        adapter: "news 0123".into(),
        options: "beams=1".into(),
    }
}

fn finished(source: &str, target: &str) -> Finished {
    Finished {
        source: source.into(),
        target: target.into(),
        draft: None,
    }
}

fn targets(memory: &Memory, sources: &[&str], origin: &Origin) -> Vec<Option<String>> {
    let sources: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
    let known = wait(memory.recall(&sources, origin));
    known
        .into_iter()
        .map(|known| known.map(|known| known.target))
        .collect()
}

fn recorded(memory: &Memory, origin: &Origin) -> String {
    memory.record(finished("Der Dax stieg.", "The Dax rose."), origin);
    wait(memory.settled());
    let page = wait(memory.page("Dax", "", 10)).expect("it can be read");
    page.entries[0].id.clone()
}

#[test]
fn what_was_recorded_is_known_for_its_origin_only() {
    for place in places() {
        let memory = Memory::new(place.open(&hand())).expect("it starts");
        recorded(&memory, &origin("a"));
        let asked = ["Der Dax fiel.", "Der Dax stieg."];
        assert_eq!(
            targets(&memory, &asked, &origin("a")),
            [None, Some("The Dax rose.".into())]
        );
        assert_eq!(targets(&memory, &asked, &origin("b")), [None, None]);
        wait(memory.settled());
        let stats = wait(memory.stats()).expect("it can be read");
        assert_eq!((stats.totals.entries, stats.totals.hits), (1, 1));
        assert_eq!((stats.process.hits, stats.process.misses), (1, 3));
    }
}

#[test]
fn an_editors_english_is_preferred_whatever_the_model() {
    for place in places() {
        let memory = Memory::new(place.open(&hand())).expect("it starts");
        let id = recorded(&memory, &origin("a"));
        recorded(&memory, &origin("b"));
        let entry = wait(memory.correct(&id, " The  Dax\nclimbed. ")).expect("it is there");
        assert_eq!(entry.target, "The Dax climbed.");
        for model in ["a", "b", "c"] {
            assert_eq!(
                targets(&memory, &["Der Dax stieg."], &origin(model)),
                [Some("The Dax climbed.".into())]
            );
        }
        recorded(&memory, &origin("a"));
        assert_eq!(
            wait(memory.entry(&id)).expect("it is there").target,
            "The Dax climbed."
        );
        let nothing = wait(memory.correct(&id, " \n"));
        assert!(matches!(nothing, Err(Error::Empty)), "{nothing:?}");
        let nowhere = wait(memory.correct("0", "x"));
        assert!(matches!(nowhere, Err(Error::NotFound(_))), "{nowhere:?}");
    }
}

#[test]
fn a_damaged_entry_is_counted_and_not_served() {
    for place in places() {
        let store = place.open(&hand());
        let memory = Memory::new(store.clone()).expect("it starts");
        let id = recorded(&memory, &origin("a"));
        tamper(&store, "UPDATE memory SET target = 'The Dax fell.'");
        assert_eq!(targets(&memory, &["Der Dax stieg."], &origin("a")), [None]);
        assert_eq!(wait(memory.stats()).expect("read").process.damaged, 1);
        assert!(matches!(wait(memory.entry(&id)), Err(Error::NotFound(_))));
    }
}

#[test]
fn a_store_that_is_gone_is_a_memory_that_knows_nothing() {
    for place in places() {
        let hand = hand();
        let store = place.open(&hand);
        let memory = Memory::new(store.clone()).expect("it starts");
        recorded(&memory, &origin("a"));
        wait(store.close());
        assert_eq!(targets(&memory, &["Der Dax stieg."], &origin("a")), [None]);
        memory.record(finished("Der Dax fiel.", "The Dax fell."), &origin("a"));
        wait(memory.settled());
        assert_eq!(memory.counters.counts().failed, 2);
        // Within the pause the store is not even asked.
        assert_eq!(targets(&memory, &["Der Dax stieg."], &origin("a")), [None]);
        assert_eq!(memory.counters.counts().failed, 2);
    }
}

#[test]
fn tmx_goes_out_and_comes_back_as_it_was() {
    for place in places() {
        let memory = Memory::new(place.open(&hand())).expect("it starts");
        let id = recorded(&memory, &origin("a <&> b"));
        memory.record(finished("„Ja“ & <nein>", "“Yes” & <no>"), &origin("b"));
        wait(memory.settled());
        wait(memory.correct(&id, "The Dax climbed.")).expect("it is there");
        let exported = wait(memory.export()).expect("it can be written");

        for other in places() {
            let copy = Memory::new(other.open(&hand())).expect("it starts");
            assert_eq!(wait(copy.import(&exported)).expect("it is TMX"), 2);
            let all = |memory: &Memory| wait(memory.page("", "", 10)).expect("read").entries;
            assert_eq!(all(&copy), all(&memory));
        }
    }
}

#[test]
fn tmx_of_other_programs_counts_as_an_editors() {
    let foreign = r#"<?xml version="1.0"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header creationtool="other" srclang="de-DE"/><body>
 <tu><tuv xml:lang="DE-de"><seg>Guten <bpt i="1">&lt;b&gt;</bpt>Morgen<ept i="1"/> &amp;
  Tag</seg></tuv><tuv lang="en"><seg>Good morning &#38; day</seg></tuv></tu>
 <tu><tuv xml:lang="de"><seg>Nur deutsch</seg></tuv><tuv xml:lang="fr"><seg>Non</seg></tuv></tu>
</body></tmx>"#;
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(foreign.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for document in [foreign.as_bytes(), &utf16] {
        let units = tmx::read(document).expect("it is TMX");
        assert_eq!(units.len(), 1);
        assert_eq!(units[0].source, "Guten Morgen & Tag");
        assert_eq!(units[0].target, "Good morning & day");
        assert!(units[0].edited);
        assert_eq!(units[0].origin, Origin::default());
    }
    for (wrong, fault) in [
        ("", "there is no <tmx>"),
        ("<html><body/></html>", "the root is not <tmx>"),
        ("<tmx>\n<tu></tmx>", "line 2"),
        ("<tmx><tu><tuv><seg>&unknown;</seg>", "an unknown entity"),
    ] {
        let error = tmx::read(wrong.as_bytes()).expect_err(wrong);
        assert!(error.to_string().contains(fault), "{wrong}: {error}");
    }
}
