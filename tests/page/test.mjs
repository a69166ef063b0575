// The page in a browser, against the running service at DEPESCHE_URL. Whatever
// model answers there, this holds: nothing here looks at what it wrote.
//
//   npm install --no-package-lock && DEPESCHE_URL=http://127.0.0.1:8080 npm test
//
// CHROMIUM names the browser, if it is not /usr/bin/chromium.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";

const url = process.env.DEPESCHE_URL ?? "http://127.0.0.1:8080";
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Letters of one, two, three and four bytes stand before the figures.
const TITLE = "Müller GmbH: Umsatz wächst auf 1,2 Milliarden Euro";
const TEXT = `Der Umsatz der Müller GmbH stieg im Jahr 2023 um 4,5 Prozent – „überraschend“, sagte Vorstand Jürgen Groß. ` +
  `Die Belegschaft 🎉 wuchs um 1.240 Beschäftigte.\n\nDie Aktie schloss am 3. März gegen 17.30 Uhr bei 48,15 Euro.`;

let browser;
let page;
let faults;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
});
after(() => browser?.close());

beforeEach(async () => {
  faults = [];
  page = await visit({});
});
afterEach(async () => {
  await page.context().close();
  assert.deepEqual(faults, [], "the browser had something to complain about");
});

async function visit(options) {
  const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce", ...options });
  const visited = await context.newPage();
  visited.setDefaultTimeout(60_000);
  visited.on("pageerror", (error) => faults.push(String(error)));
  visited.on("console", (message) => {
    // The browser reports each refused request; the page tells of them itself.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) faults.push(message.text());
  });
  await visited.goto(url);
  return visited;
}

async function translate(title, text) {
  await page.fill("#title", title);
  await page.fill("#text", text);
  await page.keyboard.press("Control+Enter");
}

async function translated() {
  await page.locator("#margin").waitFor();
}

async function save(ending) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-save="${ending}"]`)]);
  assert.ok(download.suggestedFilename().endsWith(`.${ending}`), download.suggestedFilename());
  return readFile(await download.path(), "utf8");
}

async function faultsOfAccess() {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

test("a text is translated sentence by sentence", async () => {
  await translate(TITLE, TEXT);
  await translated();
  assert.match(await page.textContent("#state"), /^4 sentences/);
  const dispatch = JSON.parse(await save("json"));
  const { segments } = dispatch.translation;
  assert.equal(segments.length, 4);
  for (const { id, source, target } of segments) {
    assert.equal(await page.textContent(`#de-${id}`), source);
    assert.equal(await page.textContent(`#en-${id}`), target);
  }
  assert.ok((await page.isHidden("#progress")) && (await page.isHidden("#cancel")));
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("#copy");
  await page.locator("#copy", { hasText: "Copied" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(copied.trim());

  await page.hover("#de-2");
  assert.deepEqual(await lit(), ["de-2", "en-2"]);
  await page.focus("#en-1");
  await page.hover("#state");
  assert.deepEqual(await lit(), ["de-1", "en-1"]);
});

function lit() {
  return page.$$eval("#galley .s.on", (sentences) => sentences.map((sentence) => sentence.id).sort());
}

test("figures are marked where they stand and say what became of them", async () => {
  await translate(TITLE, TEXT);
  await translated();
  const { figures, warnings } = JSON.parse(await save("json"));
  let marked = 0;
  for (const [index, figure] of figures.entries()) {
    for (const [side, mention] of [["de", figure.source], ["en", figure.target]]) {
      const marks = page.locator(`#galley [lang="${side}"] [data-figure="${index}"]`);
      // Where two overlap, one is marked.
      if (!mention || (await marks.count()) === 0) continue;
      assert.equal(await marks.textContent(), mention.text);
      assert.ok((await marks.getAttribute("class")).split(" ").includes(figure.status));
      marked += 1;
    }
  }
  const source = await page.$$eval('#galley [lang="de"] .f', (marks) => marks.map((mark) => mark.textContent));
  for (const figure of ["1,2 Milliarden Euro", "4,5 Prozent", "48,15 Euro"]) assert.ok(source.includes(figure), source.join(" | "));
  assert.ok(marked >= source.length);

  const mark = page.locator('#galley [lang="de"] .f', { hasText: "4,5 Prozent" });
  await mark.click();
  assert.match(await page.textContent("#detail-text"), /„4,5 Prozent“/);
  await page.keyboard.press("Escape");
  assert.ok(await page.isHidden("#detail"));
  await mark.press("Enter");
  assert.ok(await page.isVisible("#detail"));
  const told = await page.textContent("#detail-text");
  await page.click("#next");
  assert.notEqual(await page.textContent("#detail-text"), told);

  assert.equal(await page.locator("#warnings li").count(), warnings.length);
  const jump = page.locator("#warnings a").first();
  if (await jump.count()) {
    const segment = await jump.getAttribute("data-jump");
    await jump.click();
    const focused = await page.evaluate(() => document.activeElement.closest(".s")?.dataset.segment);
    assert.equal(focused, segment);
  }
});

test("a file is opened and its markup survives", async () => {
  const html = `<h1>Der Umsatz wächst &amp; wächst</h1>\n<p class="a">Der Umsatz stieg 2023 um <b>4,5 Prozent</b> auf 1,2 Milliarden Euro.</p>`;
  await page.setInputFiles("#file", { name: "meldung.html", mimeType: "text/html", buffer: Buffer.from(html) });
  await page.waitForFunction(() => document.querySelector("#text").value !== "");
  assert.equal(await page.inputValue("#text"), html);
  assert.ok(await page.isChecked('[name="format"][value="html"]'));
  await page.click("#translate");
  await translated();
  assert.ok(await page.locator('#galley [lang="de"] .f', { hasText: "4,5 Prozent" }).count());
  assert.match(await save("html"), /<h1>[^]*<\/h1>\n<p class="a">/);
  assert.ok((await save("txt")).trim());
  assert.match(await save("md"), /## Figures/);

  await page.click("#fresh");
  const old = Buffer.from("K\xf6ln w\xe4chst\n\nDie Stadt hat 1,1 Millionen Einwohner.\n", "latin1");
  await page.setInputFiles("#file", { name: "alt.txt", mimeType: "text/plain", buffer: old });
  await page.waitForFunction(() => document.querySelector("#title").value !== "");
  assert.equal(await page.inputValue("#title"), "Köln wächst");
  await page.setInputFiles("#file", { name: "bild.png", mimeType: "image/png", buffer: old });
  await page.locator("#error").waitFor();
  assert.match(await page.textContent("#error"), /cannot be opened.*bild\.png/s);

  const dataTransfer = await page.evaluateHandle(() => {
    const dropped = new DataTransfer();
    dropped.items.add(new File(["# Der Umsatz wächst"], "meldung.md", { type: "text/markdown" }));
    return dropped;
  });
  await page.dispatchEvent("body", "drop", { dataTransfer });
  await page.waitForFunction(() => document.querySelector("#text").value === "# Der Umsatz wächst");
  assert.ok(await page.isChecked('[name="format"][value="markdown"]'));
  assert.ok(await page.isHidden("#error"));
});

test("what the service refuses is told in words", async () => {
  await page.click("#translate");
  assert.match(await page.textContent("#error-title"), /no text/);

  await translate("", "The government has announced that the law will come in July.");
  await page.locator("#error-action").waitFor();
  assert.match(await page.textContent("#error"), /not German.*English/s);
  assert.ok(await page.isVisible("#text"), "the text can be changed");
  await page.click('[data-language="de"]');
  assert.match(await page.textContent("#error"), /nicht Deutsch.*Englisch/s);
  await page.click('[data-language="en"]');
  await page.click("#error-action");
  await translated();
  assert.ok(await page.isHidden("#error"));

  await page.click("#edit");
  await page.route("**/v1/articles", (route) => route.fulfill({
    status: 413, contentType: "application/problem+json",
    body: JSON.stringify({
      type: "urn:depesche:problem:too_large", title: "The request is too large", status: 413, code: "too_large",
      detail: "the body is too large: 3145728, and the limit is 2097152", request_id: "abc",
    }),
  }));
  await translate("", TEXT);
  await page.locator("#error").waitFor();
  assert.match(await page.textContent("#error"), /too large.*3\.1.*2\.1.*abc/s);
  await page.unroute("**/v1/articles");
  await page.route("**/v1/articles", (route) => route.abort());
  await translate("", TEXT);
  await page.locator("#error-title", { hasText: "does not answer" }).waitFor();
});

test("a service that needs a key gets it, for this tab alone", async () => {
  const shown = [];
  await page.route("**/v1/articles", (route) => {
    const { authorization } = route.request().headers();
    shown.push(authorization);
    return authorization === "Bearer the-key" ? route.continue() : route.fulfill({
      status: 401, contentType: "application/problem+json",
      body: JSON.stringify({ title: "A key is needed", status: 401, code: "unauthorized", detail: "x", request_id: "abc" }),
    });
  });
  await translate("", TEXT);
  await page.locator("#key").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "key");
  assert.deepEqual(await faultsOfAccess(), []);
  await page.keyboard.type("the-key");
  await page.keyboard.press("Enter");
  await translated();
  assert.deepEqual(shown, [undefined, "Bearer the-key"]);
  assert.ok(await page.isHidden("#error"));
  const kept = await page.evaluate(() => [sessionStorage.getItem("depesche.key"), JSON.stringify({ ...localStorage })]);
  assert.equal(kept[0], "the-key");
  assert.ok(!kept[1].includes("the-key"));
});

test("a translation can be cancelled", async () => {
  const long = Array.from({ length: 600 }, (_, n) => `Im Jahr ${1400 + n} hatte die Stadt ${n + 2} Türme und eine Mauer.`).join(" ");
  await translate("", long);
  await page.locator("#state", { hasText: "600" }).waitFor();
  assert.ok(await page.isVisible("#progress"));
  await page.keyboard.press("Escape");
  await page.locator("#cancel").waitFor({ state: "hidden" });
  assert.ok(await page.isHidden("#margin"));
  assert.ok(await page.isHidden("#error"), "that is no error");
  if (await page.isVisible("#edit")) {
    assert.match(await page.textContent("#state"), /^Cancelled after/);
    await page.click("#edit");
  }
  assert.equal(await page.inputValue("#text"), long, "the text is still there");
  await translate("", TEXT);
  await translated();
});

test("the page speaks the language of the reader and remembers another", async () => {
  await page.context().close();
  page = await visit({ locale: "de-AT" });
  assert.match(await page.textContent("#translate"), /^Übersetzen/);
  assert.equal(await page.getAttribute("html", "lang"), "de");
  await page.click('[data-language="en"]');
  await page.reload();
  assert.match(await page.textContent("#translate"), /^Translate/);
  assert.equal(await page.getAttribute("html", "lang"), "en");
});

for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["light", 390], ["dark", 390]]) {
  test(`axe finds nothing: ${colorScheme}, ${width} wide`, async () => {
    await page.context().close();
    page = await visit({ colorScheme, viewport: { width, height: 844 } });
    assert.deepEqual(await faultsOfAccess(), [], "at first");
    await translate("", "The government has announced that the law will come in July.");
    await page.locator("#error-action").waitFor();
    assert.deepEqual(await faultsOfAccess(), [], "with an error");
    await translate(TITLE, TEXT);
    await translated();
    await page.click("#all summary");
    await page.locator("#galley .f").first().click();
    assert.deepEqual(await faultsOfAccess(), [], "after a translation");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
  });
}
