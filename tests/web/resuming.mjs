// The page in a browser, and uploads that survive: a reload, and another server in the old one's place.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { assert, becomes, finish, names, take_picture, test } from "./browser.mjs";

const size = 4_000_000;
writeFileSync("film.bin", Buffer.alloc(size, "film"));
writeFileSync("other.bin", Buffer.alloc(size, "other"));

async function choose(page, name, file) {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"), page.getByRole("button", { name, exact: true }).click()]);
  await chooser.setFiles([file]);
}

const item = (page) => page.locator("#uploads li");
const share_of = (page) => () => item(page).locator("progress").evaluate((bar) => bar.value > 0.1 && bar.value < 0.9);

await test("goes on after a reload and a restart of the server", { bears: /ERR_/ }, async (page) => {
  const network = await page.context().newCDPSession(page);
  const slow_down = (uploadThroughput) => network.send("Network.emulateNetworkConditions", {
    offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await slow_down(400_000);
  await choose(page, "Upload", "film.bin");
  await becomes(share_of(page), true);
  page.on("dialog", (dialog) => dialog.accept()); // uploads go on: leave all the same
  writeFileSync("restart", "");
  await becomes(async () => existsSync("restart"), false); // the script has done it
  await page.reload();
  await page.getByText("Unfinished").waitFor();
  await take_picture(page, "unfinished");
  assert.ok(!(await names(page)).includes("film.bin"));

  await choose(page, "Choose…", "other.bin");
  await becomes(() => page.locator("#notice").textContent(), "This is another file: name, size and time must be the same.");
  await slow_down(-1);
  const offsets = [];
  page.on("request", (request) => request.method() === "PATCH" && offsets.push(Number(request.headers()["upload-offset"])));
  await choose(page, "Choose…", "film.bin");
  await becomes(() => item(page).getAttribute("data-state"), "done");
  assert.ok(offsets.length > 0 && offsets[0] > 0, String(offsets)); // not from the beginning
  await becomes(async () => (await names(page)).includes("film.bin"), true);
});

await test("pauses and goes on where it was", {}, async (page) => {
  const network = await page.context().newCDPSession(page);
  const slow_down = (uploadThroughput) => network.send("Network.emulateNetworkConditions", {
    offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await slow_down(400_000);
  await choose(page, "Upload", "other.bin");
  await becomes(share_of(page), true);
  await page.getByRole("button", { name: "Pause: other.bin" }).click();
  await becomes(() => item(page).getAttribute("data-state"), "paused");
  await slow_down(-1);
  const methods = [];
  page.on("request", (request) => methods.push(request.method()));
  await page.getByRole("button", { name: "Resume: other.bin" }).click();
  await becomes(() => item(page).getAttribute("data-state"), "done");
  assert.ok(methods.includes("HEAD") && methods.includes("PATCH") && !methods.includes("POST"), String(methods));
});

rmSync("restart", { force: true });
await finish();
