// The page of Depesche: a text goes to `POST /v1/articles`, its events come back
// as they happen, and every figure is shown with what became of it.
"use strict";

const $ = (id) => document.getElementById(id);

// ---------------------------------------------------------------- words

const WORDS = {
  en: {
    skip: "To the text", docs: "API", language: "Language",
    lead: "Paste a German article. It is translated on this machine, and every number, date and name is checked.",
    title: "Headline, if there is one", text: "Article", hint: "Or drop a .txt, .md or .html file here.",
    format: "Written in", plain: "Text", choose: "Choose a file", sample: "Try a sample",
    translate: "Translate", keys: "Ctrl+Enter", cancel: "Cancel", copy: "Copy", copySummary: "Copy the summary",
    copied: "Copied", download: "Download", edit: "Edit the text", fresh: "New article",
    proof: "Translation", progress: "Progress", margin: "Report", summary: "Summary", figures: "Figures", keyFigures: "Key figures",
    warnings: "Warnings", noWarnings: "None: every figure is accounted for.",
    german: "German", english: "English", allFigures: "All figures", status: "Status", kind: "Kind",
    drop: "Let go to open the file", detail: "What became of the figure",
    previous: "Previous figure", next: "Next figure", close: "Close", retry: "Try again", key: "API key", useKey: "Use the key", anyway: "Translate all the same",
    words: (n) => (n === 1 ? "1 word" : `${number(n)} words`),
    sending: "The text is being read …",
    starting: (n) => (n === 1 ? "One sentence; the model has begun." : `${number(n)} sentences; the model has begun.`),
    running: (done, all) => `${number(done)} of ${number(all)} sentences`,
    checking: "Figures are being compared …",
    finished: (n, open, incomplete) => (n === 1 ? "One sentence, " : `${number(n)} sentences, `) +
      (incomplete === 0 ? "" : `${number(incomplete)} incomplete, `) +
      (open === 0 ? "every figure accounted for." : open === 1 ? "one figure to look at." : `${number(open)} figures to look at.`),
    cancelled: (done, all) => (all ? `Cancelled after ${number(done)} of ${number(all)} sentences.` : "Cancelled."),
    broken: (done, all) => `Broken off after ${number(done)} of ${number(all)} sentences.`,
    made: (model, seconds) => `Translated by ${model} in ${seconds}.`,
    loading: "The model is being loaded", unreachable: "The service does not answer",
    kept: "kept", converted: "converted", changed: "changed", missing: "missing", added: "added", repaired: "put right",
    sentence: (n) => `Sentence ${n}`,
    segment: { ok: "", repaired: "put right", unresolved: "to look at", incomplete: "incomplete", copied: "not translated" },
    kinds: {
      number: "number", ordinal: "ordinal", money: "money", percent: "percentage", date: "date", time: "time of day",
      duration: "duration", age: "age", range: "range", score: "score", quantity: "measure", fraction: "fraction",
      multiple: "multiple", code: "code", name: "name",
    },
    tell: {
      kept: (de, en) => `${de} stands as ${en} in the translation.`,
      converted: (de, en) => `${de} stands in another form: ${en}.`,
      changed: (de, en) => `${de} has become ${en}.`,
      missing: (de) => `${de} is missing in the translation.`,
      added: (de, en) => `${en} has no counterpart in the source.`,
      repaired: (de, en, before) => `${en} for ${de}: the model had written ${before}, which was put right.`,
    },
    warns: {
      figure_unresolved: "Figure", figure_repaired: "Put right", term_missed: "Term", repetition: "Repetition", truncated: "Cut off",
      split: "Split", untranslated: "Not translated", passed_through: "Not German",
    },
    says: {
      repetition: "A phrase repeated without end; the sentence was translated again.",
      truncated: "The translation hit its length limit and may be incomplete.",
      split: "The sentence was too long for the model and was translated in parts.",
      untranslated: "The translation is empty or still German.",
      passed_through: "The text is not German and was passed through unchanged.",
    },
    problems: {
      empty: ["There is no text yet", "Paste an article, or drop a file."],
      not_german: ["The text is not German", (m) => (m.language ? `It looks like ${m.language}.` : "")],
      too_large: ["The text is too large", (m) => (m.actual ? `It has ${m.actual}; the service takes ${m.limit} at most.` : "")],
      unauthorized: ["This service needs a key", "Whoever runs it hands keys out. It is kept until this tab is closed."],
      rate_limited: ["Too many requests", (m) => (m.seconds ? `Try again in ${m.seconds} seconds.` : "Try again in a moment.")],
      quota_exceeded: ["This month's quota is used up", ""],
      malformed: ["The service could not read the text", ""],
      slow_body: ["The text did not arrive in time", "The connection is slow; try again."],
      queue_full: ["Too much is waiting already", (m) => (m.seconds ? `Try again in ${m.seconds} seconds.` : "Try again in a moment.")],
      not_ready: ["The model is still being loaded", "Try again in a moment."],
      shutting_down: ["The service is shutting down", "It takes no new work."],
      deadline: ["It took too long", "The article is longer than the time that a request may take. Try it in parts."],
      model: ["The model failed", "The text is still here; try again."],
      other: ["The service reported an error", ""],
      unreachable: ["The service does not answer", "Is it running? The text is still here; try again."],
      broke: ["The connection broke off", "What had arrived is still here; try again."],
      file: ["This file cannot be opened", "Text (.txt), Markdown (.md) and HTML (.html) files can."],
    },
    request: "request",
  },
  de: {
    skip: "Zum Text", docs: "API", language: "Sprache",
    lead: "Deutschen Artikel einfügen. Er wird auf diesem Rechner übersetzt, und jede Zahl, jedes Datum und jeder Name wird nachgeprüft.",
    title: "Überschrift, falls vorhanden", text: "Artikel", hint: "Oder eine .txt-, .md- oder .html-Datei hierher ziehen.",
    format: "Geschrieben in", plain: "Text", choose: "Datei wählen", sample: "Beispiel ansehen",
    translate: "Übersetzen", keys: "Strg+Enter", cancel: "Abbrechen", copy: "Kopieren", copySummary: "Zusammenfassung kopieren",
    copied: "Kopiert", download: "Speichern", edit: "Text bearbeiten", fresh: "Neuer Artikel",
    proof: "Übersetzung", progress: "Fortschritt", margin: "Bericht", summary: "Zusammenfassung", figures: "Angaben", keyFigures: "Wichtigste Angaben",
    warnings: "Hinweise", noWarnings: "Keine: Jede Angabe ist belegt.",
    german: "Deutsch", english: "Englisch", allFigures: "Alle Angaben", status: "Befund", kind: "Art",
    drop: "Loslassen, um die Datei zu öffnen", detail: "Was aus der Angabe wurde",
    previous: "Vorige Angabe", next: "Nächste Angabe", close: "Schließen", retry: "Noch einmal", key: "API-Schlüssel", useKey: "Schlüssel verwenden", anyway: "Trotzdem übersetzen",
    words: (n) => (n === 1 ? "1 Wort" : `${number(n)} Wörter`),
    sending: "Der Text wird gelesen …",
    starting: (n) => (n === 1 ? "Ein Satz; das Modell hat begonnen." : `${number(n)} Sätze; das Modell hat begonnen.`),
    running: (done, all) => `${number(done)} von ${number(all)} Sätzen`,
    checking: "Die Angaben werden verglichen …",
    finished: (n, open, incomplete) => (n === 1 ? "Ein Satz, " : `${number(n)} Sätze, `) +
      (incomplete === 0 ? "" : `${number(incomplete)} unvollständig, `) +
      (open === 0 ? "jede Angabe belegt." : open === 1 ? "eine Angabe zu prüfen." : `${number(open)} Angaben zu prüfen.`),
    cancelled: (done, all) => (all ? `Abgebrochen nach ${number(done)} von ${number(all)} Sätzen.` : "Abgebrochen."),
    broken: (done, all) => `Abgerissen nach ${number(done)} von ${number(all)} Sätzen.`,
    made: (model, seconds) => `Übersetzt von ${model} in ${seconds}.`,
    loading: "Das Modell wird geladen", unreachable: "Der Dienst antwortet nicht",
    kept: "erhalten", converted: "umgeformt", changed: "verändert", missing: "fehlt", added: "hinzugekommen", repaired: "berichtigt",
    sentence: (n) => `Satz ${n}`,
    segment: { ok: "", repaired: "berichtigt", unresolved: "zu prüfen", incomplete: "unvollständig", copied: "nicht übersetzt" },
    kinds: {
      number: "Zahl", ordinal: "Ordnungszahl", money: "Betrag", percent: "Prozentangabe", date: "Datum", time: "Uhrzeit",
      duration: "Dauer", age: "Alter", range: "Spanne", score: "Ergebnis", quantity: "Maß", fraction: "Bruch",
      multiple: "Vielfaches", code: "Kennung", name: "Name",
    },
    tell: {
      kept: (de, en) => `${de} steht als ${en} in der Übersetzung.`,
      converted: (de, en) => `${de} steht in anderer Form da: ${en}.`,
      changed: (de, en) => `Aus ${de} ist ${en} geworden.`,
      missing: (de) => `${de} fehlt in der Übersetzung.`,
      added: (de, en) => `${en} hat keine Entsprechung im Original.`,
      repaired: (de, en, before) => `${en} für ${de}: Das Modell hatte ${before} geschrieben; das wurde berichtigt.`,
    },
    warns: {
      figure_unresolved: "Angabe", figure_repaired: "Berichtigt", term_missed: "Begriff", repetition: "Wiederholung", truncated: "Abgeschnitten",
      split: "Geteilt", untranslated: "Nicht übersetzt", passed_through: "Nicht Deutsch",
    },
    says: {
      repetition: "Eine Wendung wiederholte sich ohne Ende; der Satz wurde noch einmal übersetzt.",
      truncated: "Die Übersetzung erreichte ihre Höchstlänge und ist vielleicht unvollständig.",
      split: "Der Satz war zu lang für das Modell und wurde in Teilen übersetzt.",
      untranslated: "Die Übersetzung ist leer oder noch deutsch.",
      passed_through: "Der Text ist nicht Deutsch und wurde unverändert übernommen.",
    },
    problems: {
      empty: ["Noch ist kein Text da", "Einen Artikel einfügen oder eine Datei hierher ziehen."],
      not_german: ["Der Text ist nicht Deutsch", (m) => (m.language ? `Er sieht nach ${m.language} aus.` : "")],
      too_large: ["Der Text ist zu groß", (m) => (m.actual ? `Er hat ${m.actual}; der Dienst nimmt höchstens ${m.limit} an.` : "")],
      unauthorized: ["Dieser Dienst braucht einen Schlüssel", "Wer ihn betreibt, gibt Schlüssel aus. Er wird behalten, bis dieser Tab geschlossen wird."],
      rate_limited: ["Zu viele Anfragen", (m) => (m.seconds ? `In ${m.seconds} Sekunden noch einmal versuchen.` : "Gleich noch einmal versuchen.")],
      quota_exceeded: ["Das Kontingent dieses Monats ist aufgebraucht", ""],
      malformed: ["Der Dienst konnte den Text nicht lesen", ""],
      slow_body: ["Der Text kam nicht rechtzeitig an", "Die Verbindung ist langsam; bitte noch einmal versuchen."],
      queue_full: ["Es wartet schon zu viel", (m) => (m.seconds ? `In ${m.seconds} Sekunden noch einmal versuchen.` : "Gleich noch einmal versuchen.")],
      not_ready: ["Das Modell wird noch geladen", "Gleich noch einmal versuchen."],
      shutting_down: ["Der Dienst fährt herunter", "Er nimmt nichts Neues an."],
      deadline: ["Es hat zu lange gedauert", "Der Artikel braucht länger, als eine Anfrage dauern darf. In Teilen geht es."],
      model: ["Das Modell hat versagt", "Der Text ist noch da; bitte noch einmal versuchen."],
      other: ["Der Dienst meldet einen Fehler", ""],
      unreachable: ["Der Dienst antwortet nicht", "Läuft er? Der Text ist noch da; bitte noch einmal versuchen."],
      broke: ["Die Verbindung ist abgerissen", "Was angekommen war, ist noch da; bitte noch einmal versuchen."],
      file: ["Diese Datei lässt sich nicht öffnen", "Es gehen Text- (.txt), Markdown- (.md) und HTML-Dateien (.html)."],
    },
    request: "Anfrage",
    names: {
      English: "Englisch", French: "Französisch", Dutch: "Niederländisch", Spanish: "Spanisch", Italian: "Italienisch",
      Polish: "Polnisch", Danish: "Dänisch", Swedish: "Schwedisch", Portuguese: "Portugiesisch", Turkish: "Türkisch",
      Czech: "Tschechisch", Russian: "Russisch", Ukrainian: "Ukrainisch",
    },
  },
};

const SAMPLE = {
  title: "Stadtwerke senken den Gaspreis um 8,5 Prozent",
  text: "LEIPZIG – Die Stadtwerke senken den Gaspreis zum 1. Oktober um 8,5 Prozent. Ein Haushalt mit " +
    "einem Verbrauch von 12.000 Kilowattstunden zahlt dann 1.140 Euro im Jahr, 106 Euro weniger als bisher.\n\n" +
    "„Wir geben gesunkene Einkaufspreise weiter“, sagte Vorstand Claudia Reimann am Dienstag. Der Aufsichtsrat " +
    "hatte gegen 18.30 Uhr zugestimmt. Von der Senkung profitieren rund 87.000 Kunden.",
};

const STATUSES = ["kept", "converted", "changed", "missing", "added"];
const OPEN = ["changed", "missing", "added"];

const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* remembered until the page closes */ } },
};

/** The key of the service, if it needs one: for this tab only. */
const keyring = {
  get() { try { return sessionStorage.getItem("depesche.key"); } catch { return this.held; } },
  set(key) {
    this.held = key;
    try { sessionStorage.setItem("depesche.key", key); } catch { /* held until the page closes */ }
  },
  /** Headers with the key, if there is one. */
  headers(others = {}) {
    const key = this.get();
    return key ? { ...others, authorization: `Bearer ${key}` } : others;
  },
};

let language = memory.get("depesche.language");
if (!(language in WORDS)) language = /^de\b/i.test(navigator.language || "") ? "de" : "en";
const t = (key) => WORDS[language][key] ?? WORDS.en[key] ?? key;
const locale = () => (language === "de" ? "de-DE" : "en-GB");
const number = (n) => new Intl.NumberFormat(locale()).format(n);

// ---------------------------------------------------------------- small tools

/** An element with attributes and children; text stays text. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== ""));
  return element;
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** A text whose parts are named by ranges of bytes in UTF-8, as the service does. */
class Bytes {
  constructor(text) {
    this.text = text;
    this.bytes = ENCODER.encode(text);
  }
  slice(start, end) {
    return DECODER.decode(this.bytes.subarray(start, end));
  }
  /** The index in the string at which a byte stands. */
  index(byte) {
    this.indices ??= this.count();
    return this.indices[Math.min(byte, this.bytes.length)];
  }
  count() {
    const indices = new Uint32Array(this.bytes.length + 1);
    let index = 0;
    this.bytes.forEach((byte, at) => {
      indices[at] = index;
      // Four bytes are two units of UTF-16; bytes that go on are none.
      if (byte >= 0xf0) index += 2;
      else if (byte < 0x80 || byte >= 0xc0) index += 1;
    });
    indices[this.bytes.length] = index;
    return indices;
  }
}

/** Where the n-th occurrence (from 0) of `words` stands in `text`. */
function occurrence(text, words, n) {
  let at = -1;
  for (let left = n; left >= 0; left -= 1) {
    const found = text.indexOf(words, at + 1);
    if (found < 0) break;
    at = found;
  }
  return at;
}

/**
 * The range of a figure within the plain text of its segment. Its span counts in
 * the whole document, whose markup the plain text lacks: there the words are
 * looked for, and those that stand as far from the front are taken.
 */
function within(plain, document_, segmentSpan, mention) {
  const [from, to] = segmentSpan;
  const [start, end] = mention.span;
  if (start < from || end > to) return null;
  const before = document_.slice(from, start);
  if (document_.slice(from, to) === plain) {
    return [before.length, before.length + document_.slice(start, end).length];
  }
  if (!mention.text) return null;
  const at = occurrence(plain, mention.text, before.split(mention.text).length - 1);
  return at < 0 ? null : [at, at + mention.text.length];
}

/** Events of a stream, as WHATWG HTML describes them. */
async function* events(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let name = "";
  let data = [];
  for (;;) {
    const { value, done } = await reader.read();
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const lines = rest.split(/\r\n|\n/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (data.length) yield { name: name || "message", data: JSON.parse(data.join("\n")) };
        name = "";
        data = [];
      } else if (!line.startsWith(":")) {
        const colon = line.indexOf(":");
        const field = colon < 0 ? line : line.slice(0, colon);
        const content = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (field === "event") name = content;
        if (field === "data") data.push(content);
      }
    }
    if (done) return;
  }
}

const quoted = { de: (text) => `„${text}“`, en: (text) => `“${text}”` };

/** A normalised value with marks between its thousands. */
function readable(value) {
  return value.replace(/(?<![\d.:-])\d{5,}(\.\d+)?(?![\d:-])/, (digits) =>
    new Intl.NumberFormat(locale(), { maximumFractionDigits: 6 }).format(Number(digits)));
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[mark]);
}

// ---------------------------------------------------------------- state

/** The run that is under way or was the last one. */
let run = null;
/** What the error says, to say it again in the other language. */
let failure = null;
/** What was last to be done with text that is not German. */
let lastPolicy = "refuse";
/** The figure that the line at the foot tells of. */
let told = null;

// ---------------------------------------------------------------- language

function speak() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel));
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  const today = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  $("date").textContent = new Intl.DateTimeFormat(locale(), today).format(new Date());
  showService();
  showCount();
  if (failure) showFailure(failure);
  if (run) {
    showState();
    if (run.dispatch) showReport();
  }
  if (told !== null) showDetail(told);
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    language = button.dataset.language;
    memory.set("depesche.language", language);
    speak();
  });
}

// ---------------------------------------------------------------- the service

let service = { state: "unknown", model: "" };

function showService() {
  const words = { unknown: "", ready: service.model, loading: t("loading"), unreachable: t("unreachable") };
  $("service").textContent = words[service.state];
}

async function askService() {
  try {
    const ready = await fetch("/readyz", { cache: "no-store" });
    if (ready.ok) {
      const models = await fetch("/v1/models", { headers: keyring.headers() });
      service = { state: "ready", model: models.ok ? (await models.json()).serving : "" };
    } else {
      service = { state: "loading", model: "" };
      setTimeout(askService, 3000);
    }
  } catch {
    service = { state: "unreachable", model: "" };
  }
  showService();
}

// ---------------------------------------------------------------- the desk

const form = $("form");
const formatOf = () => new FormData(form).get("format");

function showCount() {
  const words = $("text").value.match(/[\p{L}\p{N}][\p{L}\p{N}.,:’'-]*/gu);
  $("count").textContent = words ? t("words")(words.length) : "";
}

/** The headline is one paragraph, as high as it needs to be. */
function fitTitle() {
  const field = $("title");
  if (/[\r\n]/.test(field.value)) field.value = field.value.replace(/\s*[\r\n]+\s*/g, " ");
  field.style.height = "auto";
  if (field.scrollHeight) field.style.height = `${field.scrollHeight + 2}px`;
}

function choose(format) {
  for (const radio of form.elements.format) radio.checked = radio.value === format;
}

function fill(title, text, format) {
  $("title").value = title;
  $("text").value = text;
  choose(format);
  showCount();
  hideFailure();
  showDesk();
  fitTitle();
  $("text").focus({ preventScroll: true });
  $("text").setSelectionRange(0, 0);
  $("text").scrollTop = 0;
}

/** Opens a file; old ones may not be in UTF-8. */
async function open(file) {
  const ending = (file.name.match(/\.([^.]+)$/)?.[1] ?? "").toLowerCase();
  const format = { txt: "text", text: "text", md: "markdown", markdown: "markdown", html: "html", htm: "html", xhtml: "html" }[ending];
  if (!format) {
    fail({ code: "file", detail: file.name });
    return;
  }
  let text;
  try {
    const bytes = await file.arrayBuffer();
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      text = new TextDecoder("windows-1252").decode(bytes);
    }
  } catch {
    fail({ code: "file", detail: file.name });
    return;
  }
  stop();
  // A short first line before a blank one is the headline of a plain text.
  const headed = format === "text" && /^\s*(\S[^\n]{0,198}?)[ \t]*\r?\n[ \t]*\r?\n\s*([\s\S]*\S[\s\S]*)$/.exec(text);
  if (headed && !/[.!?…:;,]$/.test(headed[1])) fill(headed[1].trim(), headed[2], format);
  else fill("", text, format);
}

$("choose").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => {
  const [file] = $("file").files;
  if (file) open(file);
  $("file").value = "";
});
$("sample").addEventListener("click", () => fill(SAMPLE.title, SAMPLE.text, "text"));
$("text").addEventListener("input", showCount);
$("title").addEventListener("input", fitTitle);
// Whoever changes the text has read it.
form.addEventListener("input", hideFailure);
$("title").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  $("text").focus();
});
addEventListener("resize", fitTitle);

let dragging = 0;
const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
addEventListener("dragenter", (event) => {
  if (!holdsFiles(event)) return;
  dragging += 1;
  $("drop").hidden = false;
});
addEventListener("dragleave", (event) => {
  if (!holdsFiles(event)) return;
  dragging = Math.max(0, dragging - 1);
  if (dragging === 0) $("drop").hidden = true;
});
addEventListener("dragover", (event) => {
  if (holdsFiles(event)) event.preventDefault();
});
addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  dragging = 0;
  $("drop").hidden = true;
  const [file] = event.dataTransfer.files;
  if (file) open(file);
});

function showDesk() {
  $("desk").hidden = false;
  $("proof").hidden = true;
  hideDetail();
}

function showProof() {
  $("desk").hidden = true;
  $("proof").hidden = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  translate("refuse");
});
$("edit").addEventListener("click", () => {
  showDesk();
  $("text").focus();
});
$("fresh").addEventListener("click", () => {
  run = null;
  fill("", "", "text");
});
$("cancel").addEventListener("click", stop);

addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !$("desk").hidden) {
    event.preventDefault();
    translate("refuse");
  } else if (event.key === "Escape") {
    if (run?.live) stop();
    else if (!$("detail").hidden) closeDetail();
  }
});

// ---------------------------------------------------------------- a run

function stop() {
  run?.controller.abort();
}

/** Sends what is on the desk and shows what comes back. */
async function translate(policy) {
  stop();
  hideFailure();
  hideDetail();
  lastPolicy = policy;
  const title = $("title").value.trim();
  const text = $("text").value;
  const format = formatOf();
  if (!text.trim() && !title) {
    fail({ code: "empty" });
    $("text").focus();
    return;
  }
  const mine = {
    controller: new AbortController(),
    live: true, title, text, format, policy,
    segments: new Map(), total: 0, phase: "sending", dispatch: null,
  };
  run = mine;
  mine.galley = new Galley(mine);
  showProof();
  $("margin").hidden = true;
  $("all").hidden = true;
  $("colophon").textContent = "";
  showState();
  $("cancel").focus({ preventScroll: true });
  scrollTo(0, 0);

  const body = { [format]: text, options: { language: policy } };
  if (title) body.title = title;
  try {
    const response = await fetch("/v1/articles", {
      method: "POST",
      headers: keyring.headers({ "content-type": "application/json", accept: "text/event-stream" }),
      body: JSON.stringify(body),
      signal: mine.controller.signal,
    });
    if (!response.ok || !response.body) throw await problemOf(response);
    for await (const event of events(response.body)) {
      if (run !== mine) return;
      hear(mine, event);
    }
    if (!mine.dispatch) throw { code: "broke" };
  } catch (error) {
    if (run !== mine) return;
    end(mine, mine.controller.signal.aborted ? null : problem(error, mine));
  }
}

function hear(mine, { name, data }) {
  if (name === "started") {
    mine.total = data.segments;
    mine.phase = "running";
    if (service.state !== "ready") askService();
  } else if (name === "segment") {
    mine.segments.set(data.id, data);
    mine.galley.place(data);
  } else if (name === "figures") {
    mine.phase = "checking";
  } else if (name === "done") {
    mine.dispatch = data;
    end(mine, null);
    return;
  } else if (name === "error") {
    throw data;
  }
  showState();
}

/** The run is over: done, cancelled or failed. */
function end(mine, error) {
  mine.live = false;
  mine.phase = mine.dispatch ? "done" : error ? "broken" : "cancelled";
  const focused = document.activeElement === $("cancel");
  $("galley").classList.toggle("stopped", !mine.dispatch);
  if (mine.dispatch) showReport();
  // Nothing has come of it: back to the text.
  if (!mine.dispatch && mine.segments.size === 0) {
    run = null;
    showDesk();
    if (error) fail(error);
    else {
      announce(t("cancelled")(0, 0));
      $("text").focus();
    }
    return;
  }
  showState();
  if (error) fail(error);
  else if (focused) (mine.dispatch ? $("copy") : $("edit")).focus({ preventScroll: true });
}

function showState() {
  const { phase, segments, total, dispatch, live } = run;
  const done = segments.size;
  const words = {
    sending: () => t("sending"),
    running: () => (done === 0 ? t("starting")(total) : t("running")(done, total)),
    checking: () => t("checking"),
    done: () => t("finished")(
      dispatch.translation.segments.length,
      dispatch.figures.filter((figure) => OPEN.includes(figure.status)).length,
      dispatch.translation.segments.filter((segment) => segment.status === "incomplete").length,
    ),
    cancelled: () => t("cancelled")(done, total),
    broken: () => t("broken")(done, total),
  }[phase]();
  $("state").textContent = words;
  const bar = $("progress");
  if (phase === "sending") bar.removeAttribute("value");
  else bar.value = dispatch ? 1 : total ? done / total : 0;
  bar.hidden = !live;
  $("cancel").hidden = !live;
  $("exports").hidden = !dispatch;
  $("edit").hidden = live;
  $("fresh").hidden = live;
  // Read out at the quarters, not at each of a hundred sentences.
  const quarter = phase === "running" ? `${phase}${Math.floor((4 * done) / (total || 1))}` : phase;
  if (run.announced !== quarter) {
    run.announced = quarter;
    announce(words);
  }
}

function announce(words) {
  $("live").textContent = words;
}

// ---------------------------------------------------------------- errors

async function problemOf(response) {
  let said = {};
  try {
    said = await response.json();
  } catch { /* not one of ours, such as a proxy's */ }
  return { code: "other", status: response.status, seconds: response.headers.get("retry-after"), ...said };
}

/** What was thrown, as something that can be told. */
function problem(thrown, mine) {
  if (thrown?.code && typeof thrown.code === "string") return thrown;
  return { code: mine.total ? "broke" : "unreachable", detail: mine.total ? "" : String(thrown?.message ?? "") };
}

function fail(error) {
  failure = error;
  showFailure(error);
  (error.code === "unauthorized" ? $("key") : $("error")).focus({ preventScroll: true });
  $("error").scrollIntoView({ block: "nearest" });
  if (error.code === "unreachable" || error.code === "not_ready") askService();
}

function showFailure(error) {
  const known = t("problems")[error.code];
  const [title, text] = known ?? t("problems").other;
  const detail = error.detail ?? "";
  const size = /: (\d+), and the limit is (\d+)$/.exec(detail);
  const measure = (n) => (/body/.test(detail)
    ? new Intl.NumberFormat(locale(), { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(n / 1e6)
    : number(Number(n)));
  const named = /looks like (.+)$/.exec(detail)?.[1];
  const facts = {
    seconds: error.seconds,
    language: named && (t("names")[named] ?? named),
    actual: size && measure(size[1]),
    limit: size && measure(size[2]),
  };
  $("error-title").textContent = known || !error.title ? title : error.title;
  $("error-text").textContent = typeof text === "function" ? text(facts) : text;
  // The service's own words, where these here do not say the same.
  const own = ["not_german", "empty", "queue_full", "rate_limited", "unauthorized", "model", "deadline"].includes(error.code) || facts.actual ? "" : detail;
  const fine = [error.status && `${error.status} ${error.code}`, own, error.request_id && `${t("request")} ${error.request_id}`];
  $("error-details").textContent = fine.filter(Boolean).join(" · ");
  const again = ["queue_full", "rate_limited", "not_ready", "unreachable", "broke", "model", "deadline", "slow_body", "internal"].includes(error.code);
  $("error-action").hidden = !again && error.code !== "not_german";
  $("error-action").textContent = error.code === "not_german" ? t("anyway") : t("retry");
  $("key-form").hidden = error.code !== "unauthorized";
  $("error").hidden = false;
}

function hideFailure() {
  failure = null;
  $("error").hidden = true;
}

$("error-action").addEventListener("click", () => translate(failure?.code === "not_german" ? "trust" : lastPolicy));

$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const key = $("key").value.trim();
  // What is no header would be taken for a service that does not answer.
  if (!/^[\x21-\x7e]+$/.test(key)) return;
  keyring.set(key);
  $("key").value = "";
  askService();
  translate(lastPolicy);
});

// ---------------------------------------------------------------- the galley

/**
 * Source and translation in rows of a paragraph each. The sentences of a plain text
 * take the place of what was sent; those of other formats are put in order.
 */
class Galley {
  constructor(mine) {
    this.rows = [];
    this.box = $("galley");
    this.box.replaceChildren();
    this.box.classList.remove("stopped");
    this.sources = { title: new Bytes(mine.title), body: new Bytes(mine.text) };
    if (mine.title) this.expect("title", mine.title, 0);
    if (mine.format === "text") {
      let at = 0;
      for (const paragraph of mine.text.split(/((?:\r?\n|\r)[ \t]*(?:\r?\n|\r)\s*)/)) {
        if (paragraph.trim()) this.expect("body", paragraph, at);
        at += paragraph.length;
      }
    }
  }

  row(part, block, before) {
    const de = make("p", { class: "de", lang: "de" });
    const en = make("p", { class: "en", lang: "en" });
    const element = make("div", { class: part === "title" ? "row headline" : "row" }, de, en);
    this.box.insertBefore(element, before?.element ?? null);
    const row = { part, block, de, en, element, pieces: [] };
    this.rows.splice(before ? this.rows.indexOf(before) : this.rows.length, 0, row);
    return row;
  }

  /** A paragraph of the source whose translation is still to come. */
  expect(part, text, at) {
    const row = this.row(part, undefined);
    const piece = this.pending(text, at);
    row.pieces.push(piece);
    row.de.append(piece.de);
    row.en.append(piece.en);
  }

  pending(text, from) {
    const shown = text.replace(/\s+/g, " ");
    return {
      from, to: from + text.length, text,
      de: make("span", { class: "waiting" }, shown),
      en: make("span", { class: "ghost", "aria-hidden": "true" }, shown),
    };
  }

  /** Shows a sentence that is finished. */
  place(segment) {
    const sentence = { segment, de: sentenceOf(segment, "de", []), en: sentenceOf(segment, "en", []) };
    sentence.en.classList.add("arrived");
    const source = this.sources[segment.part];
    const [from, to] = segment.source_span.map((byte) => source.index(byte));
    for (const row of this.rows) {
      if (row.part !== segment.part) continue;
      const at = row.pieces.findIndex((piece) => piece.text && piece.from <= from && from < piece.to);
      if (at >= 0) {
        this.replace(row, at, from, to, sentence);
        return;
      }
    }
    this.insert(sentence);
  }

  /** Puts a sentence where its source stood, with what is left around it. */
  replace(row, at, from, to, sentence) {
    const old = row.pieces[at];
    const before = old.text.slice(0, from - old.from);
    const after = old.text.slice(Math.min(to, old.to) - old.from);
    const pieces = [];
    if (before.trim()) pieces.push(this.pending(before, old.from));
    pieces.push(sentence);
    if (after.trim()) pieces.push(this.pending(after, Math.min(to, old.to)));
    for (const side of ["de", "en"]) {
      old[side].replaceWith(...pieces.flatMap((piece, index) => (index ? [" ", piece[side]] : [piece[side]])));
    }
    row.pieces.splice(at, 1, ...pieces);
  }

  /** Puts a sentence in the order of its number, in the row of its block. */
  insert(sentence) {
    const { id, part, block } = sentence.segment;
    let row = this.rows.find((other) => other.part === part && other.block === block);
    if (!row) {
      row = this.row(part, block, this.rows.find((other) => other.pieces[0]?.segment?.id > id));
    }
    const at = row.pieces.findIndex((piece) => piece.segment.id > id);
    row.pieces.splice(at < 0 ? row.pieces.length : at, 0, sentence);
    for (const side of ["de", "en"]) {
      row[side].replaceChildren(...row.pieces.flatMap((piece) => [piece[side], " "]));
    }
  }
}

/** A sentence of one side with its figures in it. */
function sentenceOf(segment, side, marks) {
  const text = side === "de" ? segment.source : segment.target;
  const state = t("segment")[segment.status];
  const element = make("span", {
    class: `s ${segment.status}`, id: `${side}-${segment.id}`, "data-segment": segment.id,
    role: "group", tabindex: side === "en" ? "0" : "-1",
    "aria-label": t("sentence")(segment.id + 1) + (state ? `, ${state}` : ""),
  });
  let at = 0;
  for (const { range, figure, index } of marks) {
    element.append(text.slice(at, range[0]), figureOf(figure, index, side, text.slice(range[0], range[1])));
    at = range[1];
  }
  element.append(text.slice(at));
  return element;
}

function figureOf(figure, index, side, text) {
  // One stop for the tab key per figure: in the translation if it stands there.
  const stop = side === "en" || !figure.target;
  return make("span", {
    class: `f ${figure.status}${figure.before ? " repaired" : ""}`, role: "button", "data-figure": index,
    tabindex: stop ? "0" : "-1", "aria-label": `${text}, ${figure.before ? t("repaired") : t(figure.status)}`,
  }, text);
}

/** What of a segment's figures can be marked on a side; open ones go first where they overlap. */
function marksOf(mine, segment, side) {
  const [plain, whole, span] = side === "de"
    ? [segment.source, mine.galley.sources[segment.part], segment.source_span]
    : [segment.target, mine.targets[segment.part], segment.target_span];
  const marks = [];
  const wanted = mine.bySegment.get(segment.id) ?? [];
  const urgent = (figure) => (OPEN.includes(figure.status) ? 0 : figure.before ? 1 : 2);
  for (const { figure, index } of [...wanted].sort((a, b) => urgent(a.figure) - urgent(b.figure))) {
    const mention = side === "de" ? figure.source : figure.target;
    const range = mention && within(plain, whole, span, mention);
    if (range && range[0] < range[1] && marks.every((other) => range[1] <= other.range[0] || other.range[1] <= range[0])) {
      marks.push({ range, figure, index });
    }
  }
  return marks.sort((a, b) => a.range[0] - b.range[0]);
}

const REPAIR = /^“(.*)” stood for “(.*)” of the source and was replaced by “(.*)”$/;

/** What is known of a finished dispatch beyond what it says itself. */
function prepare(mine) {
  const { translation, figures, warnings } = mine.dispatch;
  mine.targets = { title: new Bytes(translation.title ?? ""), body: new Bytes(translation.text) };
  mine.bySegment = new Map();
  figures.forEach((figure, index) => {
    if (!mine.bySegment.has(figure.segment)) mine.bySegment.set(figure.segment, []);
    mine.bySegment.get(figure.segment).push({ figure, index });
  });
  // Warnings about figures come in the order of the figures.
  const open = new Map();
  for (const [id, list] of mine.bySegment) open.set(id, list.filter(({ figure }) => OPEN.includes(figure.status)));
  mine.warned = warnings.map((warning) => {
    if (warning.code === "figure_unresolved") {
      return { warning, figure: open.get(warning.segment)?.shift()?.index };
    }
    const repair = warning.code === "figure_repaired" ? REPAIR.exec(warning.message) : null;
    if (!repair) return { warning };
    const [, before, source, after] = repair;
    const list = mine.bySegment.get(warning.segment) ?? [];
    const found = list.find(({ figure }) => figure.source?.text === source && figure.target && !figure.before) ??
      list.find(({ figure }) => figure.target?.text === after && !figure.before);
    if (found && !OPEN.includes(found.figure.status)) {
      // Kept out of the answer itself, which can be downloaded.
      Object.defineProperty(found.figure, "before", { value: before, enumerable: false });
    }
    return { warning, figure: found?.index, repair: { before, source, after } };
  });
}

// ---------------------------------------------------------------- the report

function showReport() {
  const mine = run;
  if (!mine.bySegment) prepare(mine);
  const { translation, figures, model, timings } = mine.dispatch;
  showGalley(mine, translation.segments);
  showSummary(mine.dispatch.summary);
  showKeyFigures(mine.dispatch.key_figures ?? []);
  showLegend(figures);
  showWarnings(mine);
  showTable(figures);
  const seconds = new Intl.NumberFormat(locale(), { style: "unit", unit: "second", unitDisplay: "long", maximumFractionDigits: 1 }).format(Math.max(0.1, timings.total_ms / 1000));
  $("colophon").textContent = t("made")(model.adapter ? `${model.name} (${model.adapter})` : model.name, seconds);
  $("margin").hidden = false;
}

function showGalley(mine, segments) {
  const focused = document.activeElement?.closest?.("#galley .s, #galley .f");
  const back = focused && (focused.dataset.figure ? `[data-figure="${focused.dataset.figure}"]` : `#${focused.id}`);
  const rows = [];
  let last = null;
  for (const segment of segments) {
    if (!last || last.part !== segment.part || last.block !== segment.block) {
      const de = make("p", { class: "de", lang: "de" });
      const en = make("p", { class: "en", lang: "en" });
      rows.push(make("div", { class: segment.part === "title" ? "row headline" : "row" }, de, en));
      last = { part: segment.part, block: segment.block, de, en };
    } else {
      last.de.append(" ");
      last.en.append(" ");
    }
    for (const side of ["de", "en"]) last[side].append(sentenceOf(segment, side, marksOf(mine, segment, side)));
  }
  $("galley").replaceChildren(...rows);
  if (back) $("galley").querySelector(back)?.focus({ preventScroll: true });
}

function showSummary(summary) {
  $("summary-box").hidden = summary.sentences.length === 0;
  $("summary").replaceChildren(...summary.sentences.flatMap((sentence, index) => [
    index ? " " : "",
    make("a", { href: `#en-${sentence.segments[0]}`, "data-jump": sentence.segments.join(" ") }, sentence.text),
  ]));
}

/** What the article turns on, with the sentence behind it. */
function showKeyFigures(figures) {
  const shown = figures.slice(0, 6);
  $("key-box").hidden = shown.length === 0;
  $("key-figures").replaceChildren(...shown.map((figure) => make("li", {},
    make("a", { href: `#en-${figure.segment}`, "data-jump": `${figure.segment}`, title: figure.sentence }, figure.text))));
}

function showLegend(figures) {
  $("legend").replaceChildren(...STATUSES.map((status) => {
    const count = figures.filter((figure) => figure.status === status).length;
    const parts = [make("span", { class: count ? `f ${status}` : "" }, t(status)), make("b", {}, number(count))];
    return make("li", {}, count
      ? make("button", { type: "button", "data-status": status }, ...parts)
      : make("span", { class: "none" }, ...parts));
  }));
}

function showWarnings(mine) {
  const { warned, dispatch } = mine;
  // What must be decided comes before what has been put right.
  const late = ({ warning }) => (warning.code === "figure_repaired" ? 1 : 0);
  const list = [...warned].sort((a, b) => late(a) - late(b));
  $("warnings").replaceChildren(...list.map(({ warning, figure, repair }) => {
    const report = dispatch.figures[figure];
    let what = t("warns")[warning.code] ?? warning.code;
    let kind = ["split", "repetition"].includes(warning.code) ? "" : "alarm";
    let says = t("says")[warning.code] ?? warning.message;
    if (warning.code === "figure_unresolved" && report) {
      what = `${t("kinds")[report.kind] ?? report.kind} ${t(report.status)}`;
      what = what[0].toUpperCase() + what.slice(1);
      kind = report.status;
      says = tellOf(report);
    } else if (repair) {
      kind = "repaired";
      says = t("tell").repaired(quoted.de(repair.source), quoted.en(repair.after), quoted.en(repair.before));
    }
    const parts = [make("span", { class: `what ${kind}` }, what), make("span", {}, says)];
    if (warning.segment === undefined) return make("li", {}, make("p", { class: "plain" }, ...parts));
    return make("li", {}, make("a", {
      href: `#en-${warning.segment}`, "data-jump": warning.segment, "data-jump-figure": figure ?? false,
    }, ...parts));
  }));
  $("warning-count").textContent = list.length ? number(list.length) : "";
  $("no-warnings").hidden = list.length > 0;
}

function showTable(figures) {
  $("all").hidden = figures.length === 0;
  $("table").replaceChildren(...figures.map((figure, index) => make("tr", {},
    make("td", {}, make("span", { class: `f ${figure.status}` }, t(figure.status))),
    make("td", {}, t("kinds")[figure.kind] ?? figure.kind),
    make("td", { lang: "de" }, figure.source ? link(figure, index, figure.source.text) : "–"),
    make("td", { lang: "en" }, figure.target ? link(figure, index, figure.target.text) : "–"))));
}

function link(figure, index, text) {
  return make("a", { href: `#en-${figure.segment}`, "data-jump": figure.segment, "data-jump-figure": index }, text);
}

function tellOf(figure) {
  const de = figure.source && quoted.de(figure.source.text);
  const en = figure.target && quoted.en(figure.target.text);
  return figure.before ? t("tell").repaired(de, en, quoted.en(figure.before)) : t("tell")[figure.status](de, en);
}

// ---------------------------------------------------------------- looking at it

function light(selector) {
  for (const element of document.querySelectorAll("#galley .on")) element.classList.remove("on");
  if (selector) for (const element of document.querySelectorAll(selector)) element.classList.add("on");
}

function lightAt(target) {
  const sentence = target.closest?.(".s");
  const figure = target.closest?.(".f");
  const ids = sentence ? [`#galley [data-segment="${sentence.dataset.segment}"]`] : [];
  if (figure) ids.push(`#galley [data-figure="${figure.dataset.figure}"]`);
  light(ids.join(","));
}

/** When the pointer leaves, the sentence with the focus is lit again. */
function lightFocus() {
  const focused = document.activeElement;
  if (focused?.closest?.("#galley")) lightAt(focused);
  else if (told !== null) light(`#galley [data-figure="${told}"]`);
  else light(null);
}

$("galley").addEventListener("pointerover", (event) => {
  if (event.target.closest(".s")) lightAt(event.target);
  else lightFocus();
});
$("galley").addEventListener("pointerleave", lightFocus);
$("galley").addEventListener("focusin", (event) => {
  lightAt(event.target);
  const figure = event.target.closest(".f");
  if (figure) showDetail(Number(figure.dataset.figure));
});
$("galley").addEventListener("focusout", () => light(null));
$("galley").addEventListener("click", (event) => {
  const figure = event.target.closest(".f");
  if (figure) showDetail(Number(figure.dataset.figure));
});
$("galley").addEventListener("keydown", (event) => {
  const figure = event.target.closest(".f");
  if (figure && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    showDetail(Number(figure.dataset.figure));
  }
});

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Brings a place of the galley into sight and puts the focus there. */
function reveal(element) {
  if (!element) return;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
}

function markOf(index) {
  return document.querySelector(`#galley [data-figure="${index}"][tabindex="0"]`) ??
    document.querySelector(`#galley [data-figure="${index}"]`);
}

/** Goes to a figure, or to its sentence where it could not be marked. */
function goTo(index) {
  reveal(markOf(index) ?? $(`en-${run.dispatch.figures[index].segment}`));
  showDetail(index);
}

document.addEventListener("click", (event) => {
  const jump = event.target.closest?.("[data-jump]");
  const status = event.target.closest?.("[data-status]")?.dataset.status;
  if (jump) {
    event.preventDefault();
    if (jump.dataset.jumpFigure) goTo(Number(jump.dataset.jumpFigure));
    else {
      reveal($(`en-${jump.dataset.jump.split(" ")[0]}`));
      light(jump.dataset.jump.split(" ").map((id) => `#galley [data-segment="${id}"]`).join(","));
    }
  } else if (status) {
    const list = order().filter((index) => run.dispatch.figures[index].status === status);
    goTo(list.find((index) => told !== null && order().indexOf(index) > order().indexOf(told)) ?? list[0]);
  }
});

/** The figures in the order of reading. */
function order() {
  return run.dispatch.figures.map((_, index) => index);
}

function showDetail(index) {
  const figure = run?.dispatch?.figures[index];
  if (!figure) return;
  told = index;
  const facts = [t("kinds")[figure.kind] ?? figure.kind, readable(figure.value), figure.before ? t("repaired") : t(figure.status)];
  $("detail-text").replaceChildren(tellOf(figure), " ", make("small", {}, facts.join(" · ")));
  $("detail").hidden = false;
}

function hideDetail() {
  told = null;
  $("detail").hidden = true;
}

function closeDetail() {
  const index = told;
  const inside = $("detail").contains(document.activeElement);
  hideDetail();
  light(null);
  if (inside) markOf(index)?.closest(".s").focus({ preventScroll: true });
}

/** The next or the previous figure; the focus stays on the button. */
function walk(step) {
  const list = order();
  const index = list[(list.indexOf(told) + step + list.length) % list.length];
  const mark = markOf(index) ?? $(`en-${run.dispatch.figures[index].segment}`);
  mark?.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  showDetail(index);
  const segment = run.dispatch.figures[index].segment;
  light(`#galley [data-segment="${segment}"], #galley [data-figure="${index}"]`);
}

$("previous").addEventListener("click", () => walk(-1));
$("next").addEventListener("click", () => walk(1));
$("close").addEventListener("click", closeDetail);

// ---------------------------------------------------------------- taking it along

async function copy(text, button) {
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    // Without https browsers have only the old way.
    const area = make("textarea", { class: "hidden", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    try { done = document.execCommand("copy"); } catch { /* nothing is left to try */ }
    area.remove();
    button.focus({ preventScroll: true });
  }
  if (!done) return;
  button.textContent = t("copied");
  announce(t("copied"));
  setTimeout(() => { button.textContent = t("copy"); }, 1600);
}

/** The translation's paragraphs, without markup. */
function paragraphs() {
  const found = [];
  let last = null;
  for (const segment of run.dispatch.translation.segments) {
    if (segment.part !== "body") continue;
    if (segment.block !== last) found.push([]);
    last = segment.block;
    found.at(-1).push(segment);
  }
  return found;
}

function plain() {
  const { title, text, format } = run.dispatch.translation;
  const body = format === "text" ? text : paragraphs().map((list) => list.map((segment) => segment.target).join(" ")).join("\n\n");
  return (title ? `${title}\n\n` : "") + body.trim() + "\n";
}

function rowsOf(quote) {
  return run.dispatch.figures.map((figure) => [figure.status, figure.kind, quote(figure.source?.text ?? "–"), quote(figure.target?.text ?? "–")]);
}

function asMarkdown() {
  const { translation, summary, warnings } = run.dispatch;
  const parts = [];
  if (translation.title) parts.push(`# ${translation.title}`);
  parts.push(translation.format === "html" ? plain().slice(translation.title ? translation.title.length + 2 : 0).trim() : translation.text.trim());
  if (summary.text) parts.push("## Summary", summary.text);
  const key = run.dispatch.key_figures ?? [];
  if (key.length) parts.push("## Key figures", key.map((figure) => `- **${figure.text}**: ${figure.sentence}`).join("\n"));
  if (run.dispatch.figures.length) {
    const rows = rowsOf((text) => text.replace(/\|/g, "\\|").replace(/\s+/g, " "));
    parts.push("## Figures", ["| Status | Kind | German | English |", "|---|---|---|---|", ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n"));
  }
  if (warnings.length) parts.push("## Warnings", warnings.map((warning) => `- ${warning.message}`).join("\n"));
  return parts.join("\n\n") + "\n";
}

function asHtml() {
  const { translation, summary, warnings, figures, key_figures: key = [] } = run.dispatch;
  // A page stays the page that it was.
  if (translation.format === "html") return translation.text;
  const marked = (segment) => {
    let html = "";
    let at = 0;
    for (const { range, figure } of marksOf(run, segment, "en")) {
      const open = OPEN.includes(figure.status) ? ' class="open"' : "";
      html += `${escaped(segment.target.slice(at, range[0]))}<mark${open} title="${figure.status}">${escaped(segment.target.slice(...range))}</mark>`;
      at = range[1];
    }
    return html + escaped(segment.target.slice(at));
  };
  const body = paragraphs().map((list) => `<p>${list.map(marked).join(" ")}</p>`).join("\n");
  const rows = rowsOf(escaped).map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n");
  const style = "body{font:18px/1.55 Georgia,serif;max-width:42em;margin:2em auto;padding:0 1em;color:#1e1b17;background:#fff}" +
    "h1{line-height:1.2}h2{font-size:1em;margin-top:2em}mark{background:#dcefe2;color:inherit}mark.open{background:#f8d3cb}" +
    "table{border-collapse:collapse;font-size:.85em}td,th{text-align:left;padding:.25em .8em .25em 0;border-bottom:1px solid #ddd}";
  return [
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">`,
    `<title>${escaped(translation.title ?? "Dispatch")}</title>\n<style>${style}</style>\n</head>\n<body>\n<article>`,
    translation.title ? `<h1>${escaped(translation.title)}</h1>` : "",
    `${body}\n</article>`,
    summary.text ? `<h2>Summary</h2>\n<p>${escaped(summary.text)}</p>` : "",
    key.length ? `<h2>Key figures</h2>\n<ol>\n${key.map((figure) => `<li><b>${escaped(figure.text)}</b>: ${escaped(figure.sentence)}</li>`).join("\n")}\n</ol>` : "",
    figures.length ? `<h2>Figures</h2>\n<table>\n<tr><th>Status</th><th>Kind</th><th>German</th><th>English</th></tr>\n${rows}\n</table>` : "",
    warnings.length ? `<h2>Warnings</h2>\n<ul>\n${warnings.map((warning) => `<li>${escaped(warning.message)}</li>`).join("\n")}\n</ul>` : "",
    "</body>\n</html>\n",
  ].filter(Boolean).join("\n");
}

const SAVES = {
  txt: ["text/plain", plain],
  html: ["text/html", asHtml],
  md: ["text/markdown", asMarkdown],
  json: ["application/json", () => `${JSON.stringify(run.dispatch, null, 2)}\n`],
};

function fileName(ending) {
  const { title, segments } = run.dispatch.translation;
  const name = (title || segments[0]?.target || "").normalize("NFKD").replace(/\p{M}/gu, "")
    .toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+/, "").slice(0, 60).replace(/-+$/, "");
  return `${name || "dispatch"}.${ending}`;
}

for (const button of document.querySelectorAll("[data-save]")) {
  button.addEventListener("click", () => {
    const [type, write] = SAVES[button.dataset.save];
    const address = URL.createObjectURL(new Blob([write()], { type: `${type};charset=utf-8` }));
    const anchor = make("a", { href: address, download: fileName(button.dataset.save) });
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  });
}

$("copy").addEventListener("click", () => copy(plain(), $("copy")));
$("copy-summary").addEventListener("click", () => copy(`${run.dispatch.summary.text}\n`, $("copy-summary")));

// ---------------------------------------------------------------- begin

speak();
askService();
