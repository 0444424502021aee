// The page in a browser, of a folder that may be changed.
import { mkdirSync, writeFileSync } from "node:fs";
import { assert, becomes, finish, names, row, take_picture, test } from "./browser.mjs";

mkdirSync("mine/trip/day 1", { recursive: true });
writeFileSync("mine/报告 1.txt", "first\n");
writeFileSync("mine/empty", "");
writeFileSync("mine/large.bin", Buffer.alloc(6_000_000, "yam"));
writeFileSync("mine/trip/a+b#c%.txt", "a\n");
writeFileSync("mine/trip/day 1/b.txt", "b\n");

async function choose(page, button, files) {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByLabel(button).click()]);
  await chooser.setFiles(files);
}

const upload = (page, ...files) => Promise.all([
  page.waitForEvent("filechooser").then((chooser) => chooser.setFiles(files)),
  page.getByRole("button", { name: "Upload", exact: true }).click()]);

const state_of = (page, name) => () =>
  page.locator("#uploads li").filter({ hasText: name }).getAttribute("data-state", { timeout: 500 });

await test("takes files", {}, async (page) => {
  await upload(page, "mine/报告 1.txt", "mine/empty", "mine/large.bin");
  await becomes(() => page.locator("#uploads strong").textContent(), "3 uploads are done");
  await becomes(async () => (await names(page)).sort(), ["empty", "large.bin", "old.txt", "报告 1.txt"].sort());
  assert.equal(await page.locator("p.unseen[role=status]").textContent(), "3 uploads are done");
  await take_picture(page, "uploads");
  await page.getByRole("button", { name: "Close" }).click();
  await becomes(() => page.locator("#uploads").isVisible(), false);
});

await test("replaces only what a person says", {}, async (page) => {
  writeFileSync("mine/old.txt", "new\n");
  await upload(page, "mine/old.txt");
  await becomes(state_of(page, "old.txt"), "exists");
  assert.equal(await (await page.request.get("/old.txt")).text(), "old\n");
  await page.getByRole("button", { name: "Replace: old.txt" }).click();
  await becomes(state_of(page, "old.txt"), "done");
  assert.equal(await (await page.request.get("/old.txt")).text(), "new\n");
});

await test("takes a folder whole", {}, async (page) => {
  await choose(page, "Upload a folder", "mine/trip");
  await becomes(() => page.locator("#uploads strong").textContent(), "2 uploads are done");
  await becomes(async () => (await names(page)).includes("trip"), true);
  assert.equal(await (await page.request.get("/trip/a%2Bb%23c%25.txt")).text(), "a\n");
  assert.equal(await (await page.request.get("/trip/day%201/b.txt")).text(), "b\n");
  await choose(page, "Upload a folder", "mine/trip");
  await becomes(() => page.locator("#uploads [data-state=exists]").count(), 2);
});

await test("takes what is dropped", {}, async (page) => {
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["dropped\n"], "dropped.txt"));
    return transfer;
  });
  await page.dispatchEvent("body", "dragenter", { dataTransfer: dropped });
  assert.ok(await page.locator("#veil").isVisible());
  await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
  await becomes(async () => (await names(page)).includes("dropped.txt"), true);
  assert.equal(await page.locator("#veil").isVisible(), false);
});

await test("pauses, and goes on when the network is back", { bears: /ERR_INTERNET_DISCONNECTED/ }, async (page) => {
  const network = await page.context().newCDPSession(page);
  const set_network = (offline, uploadThroughput) => network.send("Network.emulateNetworkConditions", {
    offline, latency: 0, downloadThroughput: -1, uploadThroughput });
  await set_network(false, 300_000);
  writeFileSync("mine/slow.bin", Buffer.alloc(3_000_000, "slow"));
  await upload(page, "mine/slow.bin");
  await becomes(async () => (await page.locator("#uploads li progress").evaluate((bar) => bar.value)) > 0, true);
  await page.getByRole("button", { name: "Pause: slow.bin" }).click();
  await becomes(state_of(page, "slow.bin"), "paused");
  await set_network(true, -1);
  await page.getByRole("button", { name: "Resume: slow.bin" }).click();
  await becomes(state_of(page, "slow.bin"), "holding");
  await set_network(false, -1);
  await becomes(state_of(page, "slow.bin"), "done");
});

await test("makes, renames and deletes", { bears: /405|412/ }, async (page) => {
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name of the folder").fill("a/b");
  await page.getByRole("button", { name: "Create" }).click();
  assert.equal(await page.locator("dialog [role=alert]").textContent(), "A name has no / and is not . or ..");
  await page.getByLabel("Name of the folder").fill("100% <b> 新");
  await page.keyboard.press("Enter");
  await becomes(async () => (await names(page)).includes("100% <b> 新"), true);
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name of the folder").fill("100% <b> 新");
  await page.keyboard.press("Enter");
  await becomes(() => page.locator("dialog [role=alert]").textContent(), "There is something of that name already.");
  await page.keyboard.press("Escape");

  await row(page, "100% <b> 新").locator("td.name a").focus();
  await page.keyboard.press("F2");
  await page.getByLabel("New name").fill("empty");
  await page.keyboard.press("Enter");
  await becomes(() => page.locator("dialog [role=alert]").textContent(), "There is something of that name already.");
  await page.getByLabel("New name").fill("?renamed");
  await page.keyboard.press("Enter");
  await becomes(async () => (await names(page)).includes("?renamed"), true);

  for (const name of ["empty", "?renamed"]) await row(page, name).getByRole("checkbox").check();
  await page.keyboard.press("Delete");
  await take_picture(page, "delete");
  await page.getByRole("button", { name: "Cancel" }).click();
  assert.ok((await names(page)).includes("empty"));
  await page.locator("#choice").getByRole("button", { name: "Delete" }).click();
  await page.locator("dialog").getByRole("button", { name: "Delete" }).click();
  await becomes(async () => (await names(page)).some((name) => ["empty", "?renamed"].includes(name)), false);
});

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, locale: "zh-CN" };
await test("fits a phone", phone, async (page) => {
  await page.getByRole("button", { name: "上传", exact: true }).waitFor();
  await row(page, "old.txt").getByRole("checkbox").check();
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
  await take_picture(page, "phone");
});

await finish();
