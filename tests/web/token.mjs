// The page in a browser, of a folder that may be changed by whoever has the token.
import { writeFileSync } from "node:fs";
import { assert, becomes, finish, names, test } from "./browser.mjs";

await test("asks for the token", { bears: /403/ }, async (page) => {
  const uploader = page.getByRole("button", { name: "Upload", exact: true });
  await page.getByRole("button", { name: "Log in" }).click();
  assert.equal(await uploader.isVisible(), false);
  await page.getByLabel("Token").fill("not the token");
  await page.keyboard.press("Enter");
  await becomes(() => page.locator("dialog [role=alert]").textContent(), "This is not the token.");
  await page.getByLabel("Token").fill("open sesame please");
  await page.keyboard.press("Enter");
  await uploader.waitFor();
  assert.equal(await page.getByRole("button", { name: "Log in" }).isVisible(), false);
  writeFileSync("let in.txt", "x");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), uploader.click()]);
  await chooser.setFiles(["let in.txt"]);
  await becomes(async () => (await names(page)).includes("let in.txt"), true);
  await page.reload();
  await uploader.waitFor();
});

await finish();
