// Uploads in their order, a few at a time. Each goes on after a cut connection by itself, and stops for what
// only a person can decide.

import { NetworkFault, Refused } from "./sending.js";
import { give_up, transfer } from "./transfer.js";

const at_once_max = 3;
const pauses = [1, 2, 4, 8, 15, 30]; // seconds before the next try; the last one again and again
const tries_max = 60; // without a byte of progress

// States: waiting, sending, holding (a pause before the next try), paused, exists, failed, done.
export class Upload extends EventTarget {
  state = "waiting";
  sent = 0; // bytes
  fault = "";
  pause_seconds = 0;
  may_replace = false;
  #tries = 0;
  #canceller = null;

  constructor(file, path) {
    super();
    this.file = file;
    this.path = path;
  }

  get is_open() {
    return this.state !== "done" && this.state !== "failed" && this.state !== "exists";
  }

  set(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }

  async run() {
    this.#canceller = new AbortController();
    this.set("sending");
    try {
      const { file, path, may_replace } = this;
      await transfer(file, path, may_replace, this.#canceller.signal, (bytes) => this.note(bytes));
      this.sent = this.file.size;
      this.set("done");
    } catch (fault) {
      this.#handle(fault);
    }
  }

  note(bytes) {
    if (bytes > this.sent) this.#tries = 0;
    this.sent = Math.min(bytes, this.file.size);
    this.dispatchEvent(new Event("progress"));
  }

  stop(state) {
    this.#canceller?.abort("stopped");
    clearTimeout(this.timer);
    this.set(state);
  }

  #handle(fault) {
    if (fault === "stopped") return;
    const is_passing = fault instanceof NetworkFault
      || (fault instanceof Refused && [408, 423, 429, 500, 502, 503, 504].includes(fault.status));
    if (is_passing && this.#tries < tries_max) {
      this.pause_seconds = pauses[Math.min(this.#tries++, pauses.length - 1)];
      this.timer = setTimeout(() => this.set("waiting"), this.pause_seconds * 1000);
      return this.set("holding");
    }
    if (fault instanceof Refused && fault.status === 401) {
      this.set("paused");
      this.dispatchEvent(new Event("login"));
      return;
    }
    this.fault = fault.message ?? String(fault);
    const is_taken = fault instanceof Refused && (fault.status === 409 || fault.status === 412);
    this.set(is_taken ? "exists" : "failed");
  }
}

// Emits "change" when any state changes, "progress" while bytes go, "login" when a token is wanted, and
// "settled" when nothing is left to do.
export class Queue extends EventTarget {
  uploads = [];

  // `files`: { file, path, is_taken }: of a taken name a person decides first.
  add(files) {
    const added = files.map(({ file, path, is_taken }) => {
      const upload = new Upload(file, path);
      upload.addEventListener("change", () => this.#turn());
      upload.addEventListener("progress", () => this.dispatchEvent(new Event("progress")));
      upload.addEventListener("login", () => this.dispatchEvent(new Event("login")));
      if (is_taken) upload.state = "exists";
      return upload;
    });
    this.uploads.push(...added);
    this.#turn();
    return added;
  }

  get sending() {
    return this.uploads.filter(({ state }) => state === "sending");
  }

  get open() {
    return this.uploads.filter((upload) => upload.is_open);
  }

  pause(uploads = this.open) {
    for (const upload of uploads) if (upload.is_open && upload.state !== "paused") upload.stop("paused");
  }

  resume(uploads = this.uploads) {
    for (const upload of uploads) if (upload.state === "paused") upload.set("waiting");
  }

  remove(upload) {
    const was_open = upload.is_open;
    this.uploads = this.uploads.filter((each) => each !== upload);
    upload.stop("paused");
    if (was_open) give_up(upload.file, upload.path);
  }

  clear() {
    this.uploads = this.open;
    this.#turn();
  }

  #turn() {
    const next = this.uploads.find(({ state }) => state === "waiting");
    if (next && this.sending.length < at_once_max) {
      next.run(); // which changes its state, so that the one after it has its turn
      return;
    }
    this.dispatchEvent(new Event("change"));
    if (this.uploads.length && !this.open.length) this.dispatchEvent(new Event("settled"));
  }
}
