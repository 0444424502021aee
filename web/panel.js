// The uploads as a person sees them: how far, how fast, and what to do about each.

import { print_bytes } from "./entries.js";
import { choose_files } from "./drop.js";
import { button, make, notice } from "./parts.js";
import { rights } from "./rights.js";
import { give_up_name, is_same_file } from "./transfer.js";
import { say, translate } from "./words.js";

const rows_max = 200;
const speed_window_ms = 4000;

export class Panel {
  constructor(queue) {
    this.queue = queue;
    this.rows = new Map(); // upload to the parts of its row
    this.samples = []; // [time, bytes]
    this.unfinished = [];
    this.summary = make("strong");
    this.pace = make("span.pace");
    this.bar = make("progress", { max: 1 });
    this.bar.ariaLabel = say("uploads");
    this.aloud = make("p.unseen", { role: "status" });
    this.pause = button("pause", "pause_all", () => queue.pause());
    this.resume = button("resume", "resume_all", () => queue.resume());
    this.close = button("close", "clear_done", () => queue.clear());
    this.list = make("ul");
    const head = make("div.head", {}, this.summary, this.pace, this.pause, this.resume, this.close);
    this.section = make("section", { id: "uploads", hidden: true }, head, this.bar, this.list);
    this.section.ariaLabel = say("uploads");
    document.body.append(this.section, this.aloud);
    queue.addEventListener("change", () => this.show_soon());
    queue.addEventListener("progress", () => this.show_soon());
    queue.addEventListener("settled", () => this.announce_end());
    document.addEventListener("language", () => this.show());
    addEventListener("beforeunload", (event) => queue.sending.length && event.preventDefault());
  }

  // What an earlier visit left: { name, path, size, offset, … }; `go_on(file, path)` takes it up again.
  offer(unfinished, go_on) {
    this.unfinished = unfinished;
    this.go_on = go_on;
    this.show();
  }

  // Once for all that happens until the next picture.
  show_soon() {
    this.frame ??= requestAnimationFrame(() => this.show());
  }

  show() {
    this.frame = null;
    const { uploads } = this.queue;
    this.section.hidden = uploads.length + this.unfinished.length === 0;
    const shown = [...uploads.filter(({ state }) => state !== "done"),
      ...uploads.filter(({ state }) => state === "done")].slice(0, rows_max);
    const kept = new Set([...uploads, ...this.unfinished]);
    for (const upload of this.rows.keys()) if (!kept.has(upload)) this.rows.delete(upload);
    for (const upload of this.unfinished) if (!this.rows.has(upload)) this.row_of_unfinished(upload);
    const items = [...this.unfinished.map((upload) => this.rows.get(upload).item),
      ...shown.map((upload) => this.row_of(upload).item)];
    const is_same = items.length === this.list.children.length
      && items.every((item, at) => item === this.list.children[at]);
    if (!is_same) this.list.replaceChildren(...items); // else whoever has the focus would lose it
    this.pause.hidden = !this.queue.open.some(({ state }) => state !== "paused");
    this.resume.hidden = !uploads.some(({ state }) => state === "paused");
    this.close.hidden = this.queue.open.length > 0 || uploads.length === 0;
    this.show_progress();
  }

  // ---- rows

  row_of(upload) {
    const row = this.rows.get(upload) ?? this.new_row(upload);
    const { state } = upload;
    const buttons = {
      waiting: ["pause", "remove"], sending: ["pause", "remove"], holding: ["pause", "remove"],
      paused: ["resume", "remove"], failed: ["retry", "remove"], done: [],
      exists: [rights.may_edit ? "replace" : "retry", "remove"],
    }[state];
    if (row.state !== state) {
      row.state = state;
      row.item.dataset.state = state;
      row.tools.replaceChildren(...buttons.map((word) => this.tool(word, upload)));
    }
    row.bar.hidden = state === "done" || state === "exists" || state === "failed";
    row.words.textContent = this.words_of(upload);
    row.bar.value = upload.file.size ? upload.sent / upload.file.size : 0;
    return row;
  }

  new_row(upload) {
    const words = make("span.words");
    const bar = make("progress", { max: 1 });
    const tools = make("span.tools");
    bar.ariaLabel = upload.path;
    const item = make("li", {}, make("bdi", { textContent: upload.path }), words, tools, bar);
    const row = { item, words, bar, tools, state: "" };
    this.rows.set(upload, row);
    return row;
  }

  tool(word, upload) {
    const { queue } = this;
    const actions = {
      pause: ["pause", () => queue.pause([upload])],
      resume: ["resume", () => queue.resume([upload])],
      retry: ["resume", () => upload.set("waiting")],
      replace: ["upload", () => {
        upload.may_replace = true;
        upload.set("waiting");
      }],
      remove: ["close", () => queue.remove(upload)],
    };
    const [picture_name, action] = actions[word];
    const made = button(picture_name, word, action, { shows_word: word === "replace" });
    made.setAttribute("aria-label", `${say(word)}: ${upload.path}`);
    delete made.dataset.label; // its name says of which file
    return made;
  }

  words_of({ state, sent, file, fault, pause_seconds }) {
    const size = print_bytes(file.size);
    switch (state) {
      case "sending":
      case "paused": {
        const amount = sent ? say("of", print_bytes(sent), size) : size;
        return state === "paused" ? `${say("paused")} · ${amount}` : amount;
      }
      case "holding":
        return say("trying_again", pause_seconds);
      case "exists":
        return say("already_there");
      case "failed":
        return say("failed", fault);
      default:
        return `${say(state)} · ${size}`;
    }
  }

  row_of_unfinished(upload) {
    const choose = button("resume", "choose", () => choose_files(false, (files) => {
      const found = files.find(({ file }) => is_same_file(upload, file));
      if (!found) return notice(say("wrong_file"), true);
      this.drop_unfinished(upload);
      this.go_on(found.file, upload.path);
    }), { shows_word: true });
    const leave = button("close", "forget", () => {
      give_up_name(upload.name);
      this.drop_unfinished(upload);
    });
    const bar = make("progress", { max: 1, value: upload.size ? upload.offset / upload.size : 0 });
    bar.ariaLabel = upload.path;
    const item = make("li", { dataset: { state: "unfinished" } }, make("bdi", { textContent: upload.path }),
      make("span.words", { dataset: { word: "unfinished" } }), make("span.tools", {}, choose, leave), bar);
    translate(item);
    this.rows.set(upload, { item });
  }

  drop_unfinished(upload) {
    this.unfinished = this.unfinished.filter((each) => each !== upload);
    this.show();
  }

  // ---- the whole

  show_progress() {
    const { uploads } = this.queue;
    const counted = uploads.filter(({ state }) => state !== "exists" && state !== "failed");
    const all = counted.reduce((sum, { file }) => sum + file.size, 0);
    const sent = counted.reduce((sum, upload) => sum + upload.sent, 0);
    const share = all ? sent / all : this.queue.open.length ? 0 : 1;
    this.bar.value = share;
    this.bar.hidden = counted.length === 0;
    const percent = Math.floor(100 * share);
    const is_over = this.queue.open.length === 0;
    this.summary.textContent = uploads.length === 0 ? say("uploads")
      : is_over ? this.end_words() : say("progress", percent, counted.length);
    this.pace.textContent = is_over ? "" : this.pace_of(sent, all - sent);
    const step = Math.floor(percent / 25);
    if (!is_over && step !== this.step) {
      this.step = step;
      this.aloud.textContent = say("progress", percent, counted.length);
    }
  }

  pace_of(sent, left) {
    const now = performance.now();
    this.samples.push([now, sent]);
    while (this.samples[0][0] < now - speed_window_ms) this.samples.shift();
    const [since, before] = this.samples[0];
    if (now - since < 500 || sent <= before || !this.queue.sending.length) return "";
    const rate = (sent - before) / ((now - since) / 1000); // bytes a second
    const seconds = Math.ceil(left / rate);
    const time = seconds < 90 ? say("seconds", seconds)
      : seconds < 5400 ? say("minutes", Math.round(seconds / 60)) : say("hours", Math.round(seconds / 3600));
    return `${say("speed", print_bytes(rate))} · ${say("left", time)}`;
  }

  end_words() {
    const count = (wanted) => this.queue.uploads.filter(({ state }) => wanted.includes(state)).length;
    const bad = count(["failed", "exists"]);
    const good = count(["done"]);
    if (bad && !good) return say("some_failed", bad);
    return bad ? `${say("all_done", good)}, ${say("some_failed", bad)}` : say("all_done", good);
  }

  announce_end() {
    this.samples = [];
    this.step = -1;
    this.aloud.textContent = this.end_words();
  }
}
