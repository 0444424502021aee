// The page over a folder: its bars around the listing, and what belongs together.

import { Listing } from "./listing.js";
import { print_bytes } from "./entries.js";
import { button, label, make, notice, picture } from "./parts.js";
import { open_preview } from "./preview.js";
import { open_share } from "./share.js";
import { allow_writing } from "./writing.js";
import { choose_first_language, choose_other_language, language, say, translate } from "./words.js";

const address_bytes_max = 7000; // a server takes 8 KiB of target

choose_first_language();
const listing = new Listing(document.getElementById("entries"));

// ---- the upper bar

const path = document.getElementById("path");
const start = path.querySelector("a");
start.replaceChildren(picture("home"), ...(path.children.length === 1 ? [location.host] : []));
label(start, "start");
path.lastElementChild.setAttribute("aria-current", "page");

const search = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: false });
label(search, "search");
search.addEventListener("input", () => listing.search(search.value));
const summary = make("span", { id: "summary" });
summary.setAttribute("role", "status");

const view = button("tiles", "as_tiles", () => {
  listing.show_as(listing.view === "list" ? "tiles" : "list");
  show_view();
});
function show_view() {
  const other = listing.view === "list" ? "tiles" : "list";
  view.replaceChildren(picture(other));
  label(view, `as_${other}`);
}
show_view();

const whole = make("a.round", {}, picture("download"));
label(whole, "all_as_archive");
whole.href = "?format=zip";
const has_archives = listing.table.dataset.archives !== "no";
const other_language = make("button.plain", { type: "button", dataset: { word: "language" } });
other_language.addEventListener("click", choose_other_language);

const tools = make("div", { id: "tools" },
  view, ...(has_archives ? [whole] : []), button("qr", "share", open_share), other_language);
const finder = make("div", { id: "finder", role: "search" }, picture("search"), search);
document.getElementById("top").append(tools, make("div", { id: "bar" }, finder, summary));
document.body.append(make("footer", { id: "keys", dataset: { word: "keys" } }));

// ---- what is chosen

const count = make("span", { role: "status" });
const archive = make("a.wide.main", {}, picture("download"), make("span"));
archive.addEventListener("click", (event) => {
  if (archive.href) return;
  event.preventDefault();
  notice(say("too_many"), true);
});
const choice = make("div", { id: "choice", hidden: true, role: "region" }, count, archive,
  button("close", "select_none", () => listing.choose([...listing.chosen], false)));

document.querySelector("main").append(choice);

// A single file as it is; else the server packs what is chosen, or the whole folder.
function address_of(chosen) {
  if (chosen.length === 1 && chosen[0].kind !== "folder") return `${chosen[0].href}?download`;
  if (chosen.length === listing.all.length) return "?format=zip";
  const names = chosen.map(({ href }) => href.replace(/^\.\//, "").replace(/\/$/, "").replaceAll("+", "%2B"));
  const address = `?format=zip${names.map((name) => `&name=${name}`).join("")}`;
  return address.length <= address_bytes_max ? address : null;
}

function show_choice() {
  const chosen = [...listing.chosen];
  choice.hidden = chosen.length === 0;
  choice.ariaLabel = say("actions");
  const bytes = chosen.reduce((sum, entry) => sum + entry.size, 0);
  count.textContent = say("selected", chosen.length) + (bytes ? ` · ${print_bytes(bytes)}` : "");
  const address = chosen.length ? address_of(chosen) : null;
  if (address) archive.href = address;
  else archive.removeAttribute("href");
  const is_file = chosen.length === 1 && chosen[0].kind !== "folder";
  archive.hidden = !has_archives && !is_file;
  archive.lastElementChild.textContent = say(is_file ? "download" : "archive");
}

function show_summary() {
  const all = listing.all.length;
  const found = listing.shown.length;
  summary.textContent = found === all ? say("entries", all) : say("of", found, say("entries", all));
}

function show_all() {
  show_choice();
  show_summary();
}
listing.addEventListener("change", show_all);
listing.addEventListener("open", ({ detail }) => open_preview(listing.files, detail));
document.addEventListener("language", () => {
  show_all();
  document.title = title_of(path);
});

function title_of(crumbs) {
  const last = crumbs.lastElementChild.querySelector("bdi")?.textContent;
  return `${last ?? location.host} · yam${language() === "zh" ? " 驿站" : ""}`;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const is_typing = event.target.matches("input:not([type=checkbox])");
  if (event.key === "/" && !is_typing) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape" && event.target === search) {
    search.value = "";
    listing.search("");
  } else if (event.key === "Escape" && listing.chosen.size) {
    listing.choose([...listing.chosen], false);
  } else if (event.key === "ArrowDown" && (event.target === document.body || event.target === search)) {
    event.preventDefault();
    listing.body.rows[0]?.entry.link.focus();
  }
});

translate();
show_all();
document.title = title_of(path);
document.documentElement.classList.add("ready");
await allow_writing(listing, tools, choice);
