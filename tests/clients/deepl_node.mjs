// DeepL's Node client against a running Depesche, whatever its model:
// deepl_node.mjs HOST:PORT FOLDER, where the folder has the client installed.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";

const [address, folder] = process.argv.slice(2);
const deepl = createRequire(`${folder}/`)("deepl-node");

const GERMAN = "Der Umsatz stieg im Jahr 2023 um 4,5 Prozent auf 1,2 Milliarden Euro.";
const FRENCH = "La police a arrêté deux hommes à Paris.";
const HTML = "<p>Der <b>Verlust</b> sank um 4,5 Prozent.</p>";

const translator = new deepl.Translator("any key", { serverUrl: `http://${address}` });
const before = await translator.getUsage();
assert.equal(before.character.limit, 1e12);
assert(!before.anyLimitReached());

const one = await translator.translateText(GERMAN, null, "en-US");
assert(one.text);
assert.equal(one.detectedSourceLang, "de");
assert.equal(one.billedCharacters, GERMAN.length);

const several = await translator.translateText([GERMAN, FRENCH], null, "en-GB", {
    splitSentences: "nonewlines",
    formality: "prefer_more",
});
assert.equal(several.length, 2);
assert(several[0].text);
assert.equal(several[1].text, FRENCH);
assert.equal(several[1].detectedSourceLang, "fr");

const html = await translator.translateText(HTML, "de", "en-US", { tagHandling: "html" });
assert.match(html.text, /^<p>.*<b>.*<\/b>.*<\/p>$/s);

const after = await translator.getUsage();
assert.equal(after.character.count - before.character.count, 2 * GERMAN.length + HTML.length);

const codes = (languages) => languages.map((language) => language.code);
assert.deepEqual(codes(await translator.getSourceLanguages()), ["de"]);
assert.deepEqual(codes(await translator.getTargetLanguages()), ["en-GB", "en-US"]);

await assert.rejects(translator.translateText(GERMAN, null, "fr"), (error) => {
    assert(error instanceof deepl.DeepLError);
    return error.message.includes("Value for 'target_lang' not supported.");
});
await assert.rejects(translator.getGlossary("7"), deepl.GlossaryNotFoundError);

const terms = new deepl.GlossaryEntries({ entries: { Umsatz: "revenue", Tagesschau: "Tagesschau" } });
const made = await translator.createGlossary("Politik", "de", "en", terms);
assert(made.ready);
assert.equal(made.entryCount, 2);
assert.deepEqual((await translator.getGlossaryEntries(made)).entries(), terms.entries());
const kept = await translator.translateText("Tagesschau", "de", "en-US", { glossary: made });
assert.equal(kept.text, "Tagesschau");
assert.equal((await translator.listGlossaries()).length, 1);
await translator.deleteGlossary(made);
await assert.rejects(translator.deleteGlossary(made), deepl.GlossaryNotFoundError);

const folderOfFiles = mkdtempSync(join(tmpdir(), "depesche-"));
const [sent, got] = ["a.html", "b.html"].map((name) => join(folderOfFiles, name));
writeFileSync(sent, HTML);
const status = await translator.translateDocument(sent, got, "de", "en-US");
assert(status.ok());
assert.match(readFileSync(got, "utf8"), /^<p>.*<b>.*<\/b>.*<\/p>$/s);
rmSync(folderOfFiles, { recursive: true });

const client = new deepl.DeepLClient("any key", { serverUrl: `http://${address}` });
const dictionary = { sourceLangCode: "de", targetLangCode: "en", entries: terms };
const shared = await client.createMultilingualGlossary("Politik", [dictionary]);
assert.equal(shared.dictionaries[0].entryCount, 2);
assert.equal((await client.updateMultilingualGlossaryName(shared, "Neu")).name, "Neu");
const goal = new deepl.GlossaryEntries({ entries: { Tor: "goal" } });
const grown = await client.updateMultilingualGlossaryDictionary(shared, { ...dictionary, entries: goal });
assert.equal(grown.dictionaries[0].entryCount, 3);
await client.replaceMultilingualGlossaryDictionary(shared, { ...dictionary, entries: goal });
const entries = await client.getMultilingualGlossaryDictionaryEntries(shared, "de", "en");
assert.deepEqual(entries.entries.entries(), { Tor: "goal" });
await client.deleteMultilingualGlossaryDictionary(shared, "de", "en");
await client.deleteMultilingualGlossary(shared);
assert.deepEqual(await client.listMultilingualGlossaries(), []);
console.log(`deepl-node: ${one.billedCharacters} characters billed; the rest as expected`);
