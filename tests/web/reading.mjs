// The page in a browser, of a folder that may only be read.
import { assert, becomes, finish, names, row, take_picture, test } from "./browser.mjs";

const folders = ["课程资料", "Photos", "Releases"];
const hostile = ["<img src=x onerror=alert(1)>.txt", "bad\ufffd.txt", "evil\ufffdgpj.exe", "new\ufffdline.txt"];
const in_order = [
  hostile[0], "clip.wav", "Lecture 2.pdf", "Lecture 10.pdf", "notes.md", "README", "sunset.png", "trailer.mp4",
  "西湖.png", "实验报告.docx",
];

await test("lists, folders first, numbers as numbers", {}, async (page) => {
  const shown = await names(page);
  assert.deepEqual(shown.slice(0, 3).sort(), [...folders].sort());
  assert.deepEqual(shown.filter((name) => in_order.slice(0, 8).includes(name)), in_order.slice(0, 8));
  assert.equal(await page.locator("#summary").textContent(), "17 entries");
  for (const name of ["Upload", "New folder", "Log in"])
    assert.equal(await page.getByRole("button", { name, exact: true }).isVisible(), false, name);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.locator('tr:has-text("sunset.png") .image > img').waitFor();
  await take_picture(page, "list");
});

await test("hostile names are text", {}, async (page) => {
  const shown = await names(page);
  for (const name of hostile) assert.ok(shown.includes(name), name);
  assert.equal(await page.locator("#entries [onerror], #entries script").count(), 0);
  const [downloading] = await Promise.all([
    page.waitForEvent("download"), row(page, "new\ufffdline.txt").locator(".act a").click()]);
  const { readFileSync } = await import("node:fs");
  assert.equal(readFileSync(await downloading.path(), "utf8"), "newline\n");
  await row(page, "bad\ufffd.txt").locator("a").first().click();
  await becomes(() => page.locator("dialog pre").textContent(), "not UTF-8\n");
});

await test("sorts by size and by time, and remembers it", {}, async (page) => {
  const files = async () => (await names(page)).filter((name) => !folders.includes(name));
  await page.getByRole("button", { name: "Size" }).click();
  assert.equal((await files()).at(-1), "trailer.mp4");
  await page.getByRole("button", { name: "Size" }).click();
  assert.equal((await files())[0], "trailer.mp4");
  assert.equal(await page.locator("th.size").getAttribute("aria-sort"), "descending");
  await page.getByRole("button", { name: "Changed" }).click();
  assert.equal((await files())[0], "README"); // the newest
  await page.reload();
  await page.locator("html.ready").waitFor({ state: "attached" });
  assert.equal((await files())[0], "README");
});

await test("searches as one types", {}, async (page) => {
  await page.keyboard.press("/");
  await page.keyboard.type("lect PDF");
  assert.deepEqual(await names(page), ["Lecture 2.pdf", "Lecture 10.pdf"]);
  assert.equal(await page.locator("#summary").textContent(), "2 of 17 entries");
  await page.getByRole("searchbox").fill("nothing like it");
  assert.equal(await page.locator("#nothing").textContent(), "Nothing here has such a name.");
  await page.keyboard.press("Escape");
  assert.equal((await names(page)).length, 17);
});

await test("makes rows as one scrolls", { at: "/Releases/" }, async (page) => {
  const rows = () => page.locator("#entries tbody tr").count();
  assert.equal(await page.locator("#summary").textContent(), "700 entries");
  assert.ok((await rows()) < 700);
  await page.getByRole("searchbox").fill("r699");
  assert.deepEqual(await names(page), ["r699"]);
  await page.getByRole("searchbox").fill("");
  await becomes(async () => {
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    return rows();
  }, 701); // and the way up
});

await test("goes by keys", {}, async (page) => {
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press("ArrowDown");
  const first = await focused();
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await focused(), first);
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(), first);
  await page.keyboard.press("Space");
  assert.ok((await page.locator("#choice").textContent()).includes("1 selected"));
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#choice").isVisible(), false);
  await row(page, "课程资料").locator("a").focus();
  await page.keyboard.press("Enter");
  await becomes(() => names(page), ["第 1 课.txt"]);
  assert.equal(await page.locator("#path").textContent(), "课程资料/");
  await row(page, "Parent folder").locator("a").click();
  await becomes(async () => (await names(page)).length, 17);
});

await test("previews, one after the other", {}, async (page) => {
  const dialog = page.locator("dialog.preview");
  await row(page, "notes.md").locator("td.name a").click();
  await becomes(async () => (await dialog.locator("pre").textContent()).slice(0, 14), "# Notes\n\n你好，世界");
  assert.equal(await dialog.getAttribute("aria-labelledby"), await dialog.locator("h2").getAttribute("id"));
  await take_picture(page, "preview-text");
  await page.keyboard.press("ArrowRight");
  await becomes(() => dialog.locator("h2").textContent(), "README");
  await becomes(() => dialog.locator("pre").textContent(), "古老的编码\n"); // written in GB 18030
  await page.keyboard.press("ArrowRight");
  await becomes(() => dialog.locator("img").evaluate((image) => image.naturalWidth), 320);
  await take_picture(page, "preview-picture");
  await page.keyboard.press("Escape");
  await becomes(() => dialog.count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "sunset.png");
  await row(page, "clip.wav").locator("td.name a").click();
  await becomes(() => dialog.locator("audio").evaluate((audio) => audio.duration), 0.5);
  await page.goBack(); // closes the preview and stays on the page
  await becomes(() => dialog.count(), 0);
  assert.equal((await names(page)).length, 17);
  await row(page, "Lecture 2.pdf").locator("td.name a").click();
  await dialog.locator("iframe").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await becomes(() => dialog.count(), 0);
});

await test("says so of a video that cannot be shown", { bears: /trailer\.mp4|decod/i }, async (page) => {
  await row(page, "trailer.mp4").locator("td.name a").click();
  await becomes(() => page.locator("dialog .message").textContent(), "This cannot be shown.");
});

await test("chooses several for one archive", {}, async (page) => {
  await row(page, "notes.md").getByRole("checkbox").check();
  await becomes(() => page.locator("#choice a").getAttribute("href"), "./notes.md?download");
  await row(page, "Photos").getByRole("checkbox").check();
  await row(page, "new\ufffdline.txt").getByRole("checkbox").check();
  const address = await page.locator("#choice a").getAttribute("href");
  assert.deepEqual(new URLSearchParams(address.slice(1)).getAll("name").sort(), ["Photos", "new\nline.txt", "notes.md"]);
  const [downloading] = await Promise.all([page.waitForEvent("download"), page.locator("#choice a").click()]);
  await downloading.saveAs("chosen.zip");
  await page.getByLabel("Select all").check();
  assert.equal(await page.locator("#choice a").getAttribute("href"), "?format=zip");
  await page.getByRole("button", { name: "Select nothing" }).click();
  assert.equal(await page.locator("#choice").isVisible(), false);
});

await test("shows its address as a QR code", {}, async (page) => {
  await page.getByRole("button", { name: "QR" }).click();
  const code = page.locator("dialog img");
  await becomes(() => code.evaluate((image) => image.complete && image.naturalWidth > 0), true);
  await code.screenshot({ path: `${process.env.PICTURES}/qr.png` });
  await page.keyboard.press("Escape");
  await becomes(() => page.locator("dialog").count(), 0);
});

await test("speaks Chinese, and English when asked", { locale: "zh-CN" }, async (page) => {
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  assert.equal(await page.locator("#summary").textContent(), "17 项");
  await take_picture(page, "chinese");
  await page.getByRole("button", { name: "English" }).click();
  assert.equal(await page.locator("#summary").textContent(), "17 entries");
  await page.reload();
  await becomes(() => page.locator("#summary").textContent(), "17 entries");
});

await test("is dark where the system is", { colorScheme: "dark" }, async (page) => {
  const [ground, ink] = await page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    return [backgroundColor, color].map((text) => text.match(/\d+/g).reduce((sum, part) => sum + Number(part), 0));
  });
  assert.ok(ground < 150 && ink > 600, `${ground} ${ink}`);
  await page.getByRole("button", { name: "Show as tiles" }).click();
  await take_picture(page, "tiles-dark");
});

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
await test("fits a phone", phone, async (page) => {
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok((await overflow()) <= 0);
  for (const part of ["td.name", "td.size", "td.time", "td.act a"])
    assert.ok(await row(page, "notes.md").locator(part).isVisible(), part);
  await take_picture(page, "phone");
  await page.getByRole("button", { name: "Show as tiles" }).tap();
  assert.ok((await overflow()) <= 0);
});

await test("is of use without scripts", { javaScriptEnabled: false }, async (page) => {
  await page.getByRole("link", { name: "课程资料/" }).click();
  await page.getByRole("link", { name: "../" }).waitFor();
  assert.deepEqual(await names(page), ["第 1 课.txt"]);
});

await finish();
