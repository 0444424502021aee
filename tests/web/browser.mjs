// The vocabulary of the page's tests: a Chromium, pages that note every complaint, and waiting.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";

const { chromium } = createRequire(`${process.env.WEB_PEERS}/`)("playwright-core");
const url = process.env.PAGE_URL;
const pictures = process.env.PICTURES;
const wait_ms = 15000;

mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM });

// Each test has a browser context of its own: nothing is remembered from one to the next. Whatever the page
// complains of (its policy, scripts, loads that fail) is a fault, but for what `bears` matches.
export async function test(name, options, play) {
  const { bears, at = "/", ...wanted } = options;
  const usual = { baseURL: url, viewport: { width: 1200, height: 800 }, locale: "en-GB" };
  const context = await browser.newContext({ ...usual, ...wanted });
  context.setDefaultTimeout(wait_ms);
  const page = await context.newPage();
  const faults = [];
  const note = (words) => bears?.test(words) || faults.push(words);
  page.on("console", (line) => ["error", "warning"].includes(line.type()) && note(line.text()));
  page.on("pageerror", (fault) => note(String(fault)));
  page.on("request", (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(url)) note(request.url());
  });
  try {
    await page.goto(at);
    if (wanted.javaScriptEnabled !== false) await page.locator("html.ready").waitFor({ state: "attached" });
    await play(page);
    assert.deepEqual(faults, []);
    console.log(`passed: ${name}`);
  } catch (fault) {
    console.log(`FAILED: ${name}: ${fault.stack}\n${faults.join("\n")}`);
    process.exitCode = 1;
    await page.screenshot({ path: `${pictures}/failed.png` }).catch(() => {});
  } finally {
    await context.close();
  }
}

export async function finish() {
  await browser.close();
}

export function take_picture(page, name) {
  return page.screenshot({ path: `${pictures}/${name}.png` });
}

// What `ask` gives is `wanted`, at once or soon.
export async function becomes(ask, wanted) {
  const end = Date.now() + wait_ms;
  for (;;) {
    const got = await ask().catch((fault) => fault);
    try {
      return assert.deepEqual(got, wanted);
    } catch (fault) {
      if (Date.now() > end) throw fault;
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

// The names that are listed, as they are shown, in order; without the way up.
export function names(page) {
  return page.locator("#entries tbody tr:not([data-kind=up]) bdi").allTextContents();
}

export function row(page, name) {
  return page.locator("#entries tbody tr").filter({ has: page.getByText(name, { exact: true }) });
}

export { assert, url };
