// The table of the folder, brought to life: sorting, searching, choosing, moving by keys, list or tiles.

import { is_found, print_time, read_entries, sort_entries, words_of } from "./entries.js";
import { has_preview, thumbnail_bytes_max } from "./kinds.js";
import { recall, remember } from "./memory.js";
import { label, make, picture } from "./parts.js";
import { say, translate } from "./words.js";

const rows_at_once = 300; // more are made as one scrolls: 20,000 at once would take many seconds
const columns = [["name", "name"], ["size", "size"], ["time", "changed"]];

// Emits "change" whenever what is shown or chosen has changed, and "open" with an entry to be previewed.
export class Listing extends EventTarget {
  constructor(table) {
    super();
    this.table = table;
    this.body = table.tBodies[0];
    this.chosen = new Set();
    this.words = [];
    this.empty_word = "empty"; // what is said of an empty folder
    [this.key, this.direction] = (recall("sort") ?? "name up").split(" ");
    this.make_head();
    this.nothing = make("p", { id: "nothing", role: "status" });
    this.end = make("div");
    table.after(this.end, this.nothing);
    this.show_as(recall("view") ?? "list");
    this.take(document);
    const see = (seen) => seen.at(-1).isIntersecting && this.show_more();
    new IntersectionObserver(see, { rootMargin: "1500px" }).observe(this.end);
    table.addEventListener("click", (event) => this.handle_click(event));
    table.addEventListener("keydown", (event) => this.handle_key(event));
    document.addEventListener("language", () => this.rename_parts());
  }

  // The entries of a listing's document replace what was there; what was chosen stays so if it is there.
  take(listing) {
    const names = new Set([...this.chosen].map((entry) => entry.href));
    const focused = document.activeElement?.closest?.("#entries a")?.getAttribute("href");
    this.entries = read_entries(listing);
    this.chosen = new Set(this.entries.filter((entry) => names.has(entry.href)));
    this.arrange();
    if (focused) this.entries.find((entry) => entry.href === focused)?.link.focus(); // if it is shown
  }

  get files() {
    return this.shown.filter((entry) => entry.kind !== "folder");
  }

  // What is listed, without the way up.
  get all() {
    return this.entries.filter((entry) => entry.kind !== "up");
  }

  search(text) {
    this.words = words_of(text);
    this.arrange();
  }

  show_as(view) {
    this.view = view === "tiles" ? "tiles" : "list";
    this.table.classList.toggle("tiles", this.view === "tiles");
    remember("view", this.view);
  }

  choose(entries, is_chosen) {
    for (const entry of entries) {
      if (entry.kind === "up") continue;
      if (is_chosen) this.chosen.add(entry);
      else this.chosen.delete(entry);
    }
    this.mark();
  }

  // ---- making

  make_head() {
    const row = this.table.tHead.rows[0];
    this.heads = columns.map(([key, word], at) => {
      const cell = row.cells[at];
      const sorter = make("button.sorter", { type: "button" }, make("span", { dataset: { word } }));
      sorter.addEventListener("click", () => this.sort_by(key));
      cell.replaceChildren(sorter);
      cell.className = key;
      return [key, cell];
    });
    this.every = make("input", { type: "checkbox" });
    label(this.every, "select_all");
    this.every.addEventListener("change", () => this.choose(this.shown, this.every.checked));
    row.prepend(make("th.pick", {}, this.every));
    row.append(make("th.act", {}, make("span.unseen", { dataset: { word: "actions" } })));
    translate(row);
  }

  furnish(entry) {
    const { row, link } = entry;
    const [name, size, time] = row.cells;
    name.className = "name";
    size.className = "size";
    time.className = "time";
    if (entry.time) time.replaceChildren(make("time", {
      dateTime: new Date(entry.time * 1000).toISOString(), textContent: print_time(entry.time),
    }));
    const words = row.querySelector("bdi") ?? make("bdi", { dataset: { word: "parent" } });
    link.replaceChildren(this.image_of(entry), words);
    translate(link);
    row.prepend(make("td.pick"));
    row.append(make("td.act"));
    row.entry = entry;
    if (entry.kind === "up") return;
    entry.box = make("input", { type: "checkbox", ariaLabel: say("select_one", entry.shown) });
    row.cells[0].append(entry.box);
    if (entry.kind === "folder") return;
    const address = `${entry.href}?download`;
    const download = make("a.round", { href: address, download: entry.name }, picture("download"));
    download.ariaLabel = download.title = say("download_one", entry.shown);
    row.lastElementChild.append(download);
  }

  image_of(entry) {
    const frame = make(`span.image.is-${entry.kind}`, {}, picture(entry.kind));
    if (entry.kind !== "picture" || entry.size === 0 || entry.size > thumbnail_bytes_max) return frame;
    const image = make("img", { loading: "lazy", decoding: "async", alt: "", draggable: false });
    image.addEventListener("load", () => frame.replaceChildren(image), { once: true });
    image.addEventListener("error", () => image.remove(), { once: true });
    image.src = entry.href;
    frame.append(image); // it must stand in the document to be loaded when it comes into sight
    return frame;
  }

  rename_parts() {
    for (const { row, box, shown, time } of this.entries.filter((entry) => entry.is_furnished)) {
      if (time) row.querySelector("time").textContent = print_time(time);
      if (box) box.ariaLabel = say("select_one", shown);
      const download = row.querySelector(".act a");
      if (download) download.ariaLabel = download.title = say("download_one", shown);
    }
    this.arrange();
  }

  // ---- arranging

  sort_by(key) {
    const is_same = key === this.key;
    this.direction = is_same && this.direction === "up" ? "down" : "up";
    if (!is_same && key === "time") this.direction = "down"; // the newest first
    this.key = key;
    remember("sort", `${key} ${this.direction}`);
    this.arrange();
  }

  arrange() {
    sort_entries(this.entries, this.key, this.direction === "down");
    this.shown = this.all.filter((entry) => is_found(entry, this.words));
    const up = this.words.length ? [] : this.entries.filter((entry) => entry.kind === "up");
    this.waiting = [...up, ...this.shown];
    this.body.replaceChildren();
    this.show_more();
    for (const [key, cell] of this.heads) {
      if (key === this.key) cell.ariaSort = this.direction === "up" ? "ascending" : "descending";
      else cell.removeAttribute("aria-sort");
    }
    const word = this.words.length ? "nothing_found" : this.empty_word;
    this.nothing.textContent = this.shown.length ? "" : say(word);
    this.mark();
  }

  show_more() {
    const rows = this.waiting.splice(0, rows_at_once);
    for (const entry of rows) {
      if (!entry.is_furnished) this.furnish(entry);
      entry.is_furnished = true;
    }
    this.body.append(...rows.map((entry) => entry.row));
    // The observer tells of a change: when the end is still in sight, there is none.
    if (rows.length === rows_at_once && this.end.getBoundingClientRect().top < innerHeight + 1500)
      requestAnimationFrame(() => this.show_more());
    if (rows.length) this.mark_rows();
  }

  mark_rows() {
    for (const entry of this.all) {
      if (!entry.box) continue;
      const is_chosen = this.chosen.has(entry);
      entry.box.checked = is_chosen;
      entry.row.classList.toggle("chosen", is_chosen);
    }
  }

  mark() {
    this.mark_rows();
    const count = this.shown.filter((entry) => this.chosen.has(entry)).length;
    this.every.checked = count > 0 && count === this.shown.length;
    this.every.indeterminate = count > 0 && count < this.shown.length;
    this.dispatchEvent(new Event("change"));
  }

  // ---- what a person does

  handle_click(event) {
    const entry = event.target.closest("tr")?.entry;
    if (!entry) return;
    if (event.target === entry.box) {
      if (event.shiftKey && this.last) this.choose(this.between(this.last, entry), entry.box.checked);
      else this.choose([entry], entry.box.checked);
      this.last = entry;
      return;
    }
    const is_modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (is_modified || event.button !== 0 || !entry.link.contains(event.target)) return;
    if (!has_preview(entry.kind)) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("open", { detail: entry }));
  }

  between(a, b) {
    const [first, last] = [this.shown.indexOf(a), this.shown.indexOf(b)].sort((x, y) => x - y);
    return first < 0 ? [b] : this.shown.slice(first, last + 1);
  }

  handle_key(event) {
    const row = event.target.closest("tr");
    if (!row?.entry || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...this.body.rows];
    const steps = { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length };
    if (event.key in steps) {
      const wanted = rows.indexOf(row) + steps[event.key];
      rows[Math.min(Math.max(wanted, 0), rows.length - 1)].entry.link.focus();
    } else if (event.key === " " && event.target === row.entry.link) {
      this.choose([row.entry], !this.chosen.has(row.entry));
    } else {
      return;
    }
    event.preventDefault();
  }
}
