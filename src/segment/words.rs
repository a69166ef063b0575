//! The words that decide whether a full stop ends a sentence.

use std::{collections::HashSet, sync::LazyLock};

/// What the full stop after an abbreviation can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Always followed by what it shortens the way to: “Dr.”, “z. B.”, “Nr.”.
    Leads,
    /// An abbreviation only before a figure; a word of its own else: “Art.”.
    LeadsFigure,
    /// Can stand at the end, too: “Mio.”, “e. V.”, “Jan.”.
    MayEnd,
    /// Usually ends what it belongs to: “usw.”, “etc.”.
    Ends,
}

/// Looks up a word without its last full stop, inner spaces removed
/// (“z.B”, “Dr”, “Hauptstr”).
pub(super) fn abbreviation(word: &str) -> Option<Abbreviation> {
    let is_street = word.len() > 4 && word.ends_with("str") && word.starts_with(char::is_uppercase);
    if LEADS.contains(word) {
        Some(Abbreviation::Leads)
    } else if LEADS_FIGURE.contains(word) {
        Some(Abbreviation::LeadsFigure)
    } else if MAY_END.contains(word) || is_street {
        Some(Abbreviation::MayEnd)
    } else if ENDS.contains(word) {
        Some(Abbreviation::Ends)
    } else {
        None
    }
}

/// Whether a capitalised word is hardly ever capitalised for another reason
/// than to begin a sentence.
pub(super) fn is_starter(word: &str) -> bool {
    STARTERS.contains(word)
}

/// Whether a noun is usually counted: “12. Juni”, “1. FC Köln”, “2. Bundesliga”.
pub(super) fn is_counted(word: &str) -> bool {
    let lower = word.to_lowercase();
    COUNTED.contains(word) || COUNTED_ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

/// Whether a word before a number makes it an ordinal: “am 3.”, “der neue 2.”.
pub(super) fn makes_ordinal(word: &str) -> bool {
    let lower = word.to_lowercase();
    let is_adjective = word.len() >= 4
        && word.starts_with(char::is_lowercase)
        && ["e", "en", "em", "er", "es"]
            .iter()
            .any(|ending| word.ends_with(ending));
    ORDINAL_CONTEXT.contains(lower.as_str()) || (is_adjective && !makes_amount(word))
}

/// Whether a word before a number makes it an amount: “auf 12.”, “Platz 3.”.
pub(super) fn makes_amount(word: &str) -> bool {
    AMOUNT_CONTEXT.contains(word)
}

/// Whether a word before a single letter makes it a name of its own: “Plan B.”.
pub(super) fn takes_letter(word: &str) -> bool {
    LETTERED.contains(word)
}

pub(super) fn is_agency(word: &str) -> bool {
    AGENCIES.contains(word.to_lowercase().as_str())
}

/// Names that end with an exclamation or question mark.
pub(super) fn is_marked_name(word: &str) -> bool {
    matches!(word, "Yahoo" | "oOh" | "Jeopardy" | "Joop" | "Oi" | "Panic")
}

pub(super) fn is_month(word: &str) -> bool {
    MONTHS.contains(word)
}

/// The words of a table.
fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_ascii_whitespace().collect()
}

static LEADS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "Joh Wilh Friedr Heinr Sra Sal z.B z.b zB d.h d.i i.d.R i.d.S u.U m.E z.T z.Zt z.Z z.Hd o.g u.g s.o s.u i.e e.g v.a i.S i.V \
         i.A i.H.v i.H u.z a.a.O m.a.W bzw Dr Drs Prof Dipl Ing med phil jur rer nat pol theol habil \
         h.c Hr Hrn Frl St Ste Skt Nr Nrn vgl Vgl ca Ca ggf Ggf evtl Evtl inkl exkl zzgl abzgl \
         einschl ausschl sog geb verh verw gesch ehem Ehem eigtl gem lt Lt Hrsg Anm Bsp Tel Mr Mrs Ms \
         Mt Ft Sen Gov Col Maj Capt Sgt Rev Hon vs bspw Bspw insb insbes max mind tägl jährl monatl \
         lfd zw gegr röm kath ev evang dt engl frz franz ital span lat griech amerik österr westl \
         östl nördl südl kgl stellv Stellv kfm Mag Lic Hptm Oberstlt Präs Vors Reg Bez Gebr Ev Kath \
         Op allg bes betr Betr entspr erw gegebenenf hl Hl inzw jew lit mglw num oberh unterh pers \
         priv respektive resp staatl städt techn urspr versch wiss zit ff.d Univ Doz Dir Abt Ldkr Kr \
         Adr Conf Geb akad Univ.-Prof",
    )
});

static LEADS_FIGURE: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "Art Abs Bd Kap Ziff Abb Tab Bl Rn Rz No Par Aufl Fig Lfg Pos Sp Anl Satz Buchst Jg Max Mind Inkl Exkl Zzgl Vol \
         Ausg Fn Kl Ver Vers Str",
    )
});

static MAY_END: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "Mio Mrd Bio Mill Mrd.- Tsd Std Min Sek Jh Jhd Jhdt Chr v.Chr n.Chr Co Inc Ltd Corp Bros Jr \
         Sr jun sen Jun Pl e.V e.G e.K a.D u.a u.ä u.a.m u.v.m u.v.a o.ä i.R p.a a.M a.d d.J d.M o.J \
         d.R U.S U.S.A U.K U.N D.C L.A S.p.A S.A N.Y Jan Feb Mär Apr Jul Aug Sep Sept Okt Nov Dez Mo \
         Di Mi Do Fr Sa So Gen Inh Fa Fam Verf Red Pers Stk Stck Pfd Ztr Qu Geschw Gym gest gez f ff \
         fr rd r.k Ges mbH Eur Sfr Fr.- Gr Vol.-% Kto Whg Zi Whgn Tsd.- Kan Kal bayr bayer sächs \
         schweiz russ am Bda Bhf Hbf Min.- verst",
    )
});

static ENDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| set("usw etc usf u.s.w u.s.f uvm uvam uam ua o.Ä u.Ä u.dgl dgl o.dgl"));

/// Nouns and names that follow an ordinal. Months are asked for apart.
static COUNTED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "FC Uhr SV TSV VfL VfB TV SC FSV BC HC EC CfR FFC FCK Mal Tag Tage Tages Nacht Woche Monat \
         Quartal Halbjahr Jahr Jahrzehnt Jahrhundert Jahrhunderts Jahrhunderten Jahrtausend Hälfte \
         Halbzeit Minute Sekunde Stunde Platz Rang Runde Etappe Lauf Liga Bundesliga Spieltag Satz \
         Sätze Gang Etage Stock Stockwerk Klasse Grad Grades Teil Kapitel Band Auflage Ausgabe \
         Staffel Folge Akt Armee Division Korps Bataillon Regiment Brigade Flotte Senat Strafsenat \
         Zivilsenat Kammer Strafkammer Bezirk Arrondissement Wahlperiode Legislaturperiode Präsident \
         Bundeskanzler Vorsitzender Vorsitzende Bürgermeister Bürgermeisterin Vizepräsident \
         Geburtstag Todestag Jahrestag Hochzeitstag Lebensjahr Weltkrieg Weltkriegs Weltkrieges Reich \
         Republik Internationale Advent Mai Lesung Instanz Auftritt Sinfonie Symphonie Breitengrad \
         Längengrad Generation Version Änderung Zusatzartikel Verfassungszusatz Petersberger \
         Internationaler Internationales Deutscher Deutsche Deutschen Weltklimakonferenz Sinfoniker \
         Sitzung Tagung Treffen Gipfel Parteitag Mannschaft Herren Damen Saisontor Saisonsieg \
         Länderspiel Tor Treffer Sieg Titel Punkt Punkte Medaille Olympischen Olympische Klassen \
         Semester Schuljahr Schuss",
    )
});

/// Compounds of counted nouns: “Fußball-Bundesliga”, “Dienstjubiläum”.
static COUNTED_ENDINGS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "jahrhundert jahrhunderts jahrestag jahrestages jahrestags geburtstag geburtstags todestag \
         spieltag runde minute woche bundesliga liga platz jubiläum periode etappe konferenz \
         festival festspiele gipfel parteitag meisterschaft meisterschaften auflage sinfonie \
         symphonie division brigade senat kammer jahr tag tagung kongress länderspiel spiel sieg \
         titel tor klasse",
    )
});

static ORDINAL_CONTEXT: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "am vom zum im beim ab bis seit der die das dem den des sein seine seinen seinem seiner \
         seines ihr ihre ihren ihrem ihrer ihres mein meine meinen meinem meiner unser unsere unseren \
         unserem unserer jeder jede jedes jeden jedem dieser diese dieses diesen diesem zur ins ans \
         eine ein einen einem einer ihrs deren dessen montag dienstag mittwoch donnerstag freitag \
         samstag sonntag",
    )
});

static AMOUNT_CONTEXT: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "auf um von mit bei nach gegen Platz Rang Nummer Gleis Artikel Paragraf Paragraph Punkt Seite \
         Kapitel Position über unter ist war sind waren wird zu insgesamt nur noch rund etwa fast \
         erst mindestens höchstens Tor Startnummer Zimmer Kanal Linie Bus Halle Gate Terminal Teil \
         Staffel Folge Covid Apollo Formel Agenda plus minus mal Nr. Jahrgang Alter Klasse Stufe \
         Phase Version Modell Raum Saal Tempo Route ca.",
    )
});

static LETTERED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "Plan Typ Klasse Gruppe Vitamin Variante Punkt Teil Fall Block Kategorie Hepatitis Influenza \
         Halle Option Team Version Gleis Linie Buchstabe Note Serie Stufe WM-Gruppe EM-Gruppe \
         Vorrundengruppe Risikoklasse Energieklasse Effizienzklasse",
    )
});

static STARTERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "Aber Aktuell Alle Allein Allerdings Als Also Am An Andere Anders Anfangs Angesichts \
         Anschließend Anstatt Auch Auf Aufgrund Aus Außer Außerdem Außerhalb Bald Bei Beide Beim \
         Bereits Besonders Bevor Bezüglich Bin Binnen Bis Bisher Bislang Bist Da Dabei Dadurch Dafür \
         Dagegen Daher Damals Damit Danach Daneben Dank Dann Daran Darauf Daraufhin Daraus Darf Darin \
         Darum Darunter Darüber Das Dass Davon Davor Dazu Dazwischen Dein Deine Dem Demgegenüber \
         Demnach Den Denen Denn Dennoch Der Deren Derzeit Des Deshalb Dessen Deswegen Die Dies Diese \
         Diesem Diesen Dieser Dieses Doch Dort Du Durch Dürfen Eben Ebenfalls Ebenso Eigentlich Ein \
         Eine Einem Einen Einer Eines Einige Einmal Endlich Entweder Er Erneut Erst Erstmals Es Etwa \
         Etwas Euer Falls Fast Ferner Folglich Für Gab Ganz Gegen Gegenüber Geht Gemäß Genau Gerade \
         Gestern Gibt Ging Gleichzeitig Habe Haben Hat Hatte Heute Hier Hierbei Hierzu Hingegen \
         Hinsichtlich Hinter Hinzu Hoffentlich Hätte Ich Ihm Ihn Ihnen Ihr Ihre Ihrem Ihren Ihrer Im \
         Immer Immerhin In Indem Infolge Innerhalb Insbesondere Insgesamt Inzwischen Ist Ja Je Jede \
         Jedem Jeden Jedenfalls Jeder Jedes Jedoch Jemand Jene Jener Jetzt Jeweils Kam Kann Kaum Kein \
         Keine Keiner Klar Können Könnte Künftig Lange Laut Leider Lesen Letzte Mag Mal Man Manche Mancher \
         Mehr Mehrere Mein Meine Meinen Meist Meistens Mit Mithilfe Mittlerweile Muss Möglicherweise \
         Müssen Nach Nachdem Nachfolgend Natürlich Neben Nebenbei Nein Nicht Nichts Nie Niemand Noch \
         Nun Nunmehr Nur Nächste Ob Obgleich Obwohl Oder Offenbar Oft Ohne Rund Schließlich Schon \
         Sehen Sehr Sei Sein Seine Seinem Seinen Seiner Seines Seit Seitdem Seither Selbst Sich Sicher Sie \
         Sind So Sobald Sodann Sofern Sogar Solange Solche Soll Sollen Sollte Somit Sondern Sonst \
         Soweit Sowohl Später Statt Stattdessen Steht Tatsächlich Trotz Trotzdem Um Und Uns Unser \
         Unsere Unseren Unter Unterdessen Vergangene Viel Viele Vielen Vielleicht Vielmehr Vom Von \
         Vor Vorher Wahrscheinlich Wann War Waren Warum Was Weder Wegen Weil Weiter Weitere Weiterhin \
         Welche Welcher Welches Wem Wen Wenig Wenige Wenn Wer Werden Weshalb Weswegen Wie Wieder \
         Wieso Will Wir Wird Wo Wobei Wodurch Wofür Woher Wohin Wohl Wollen Womit Worauf Wurde Wurden \
         Während Währenddessen Wäre Würde Zehntausende Zeitgleich Zu Zudem Zuerst Zugleich Zuletzt \
         Zum Zumindest Zunächst Zur Zurzeit Zusätzlich Zuvor Zwar Zwischen Ähnlich Über Überhaupt \
         Übrigens",
    )
});

static MONTHS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "Januar Jänner Februar Feber März April Mai Juni Juli August September Oktober November Dezember \
         Jan Feb Mär Apr Jun Jul Aug Sep Sept Okt Nov Dez",
    )
});

static AGENCIES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "dpa afp apa epd kna sid reuters rtr ap dts ots sda dapd ddp lno lby lsw lhe lnw lni lth red mit rnd \
         tass ria ansa awp swp dpa-afx",
    )
});
