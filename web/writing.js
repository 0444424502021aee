// What may be changed here, where the server allows it: uploads, new folders, new names, removal. It shows
// its buttons only then, and shows the folder anew after each change.

import { accept_drops, choose_files } from "./drop.js";
import { make_folder, remove, rename } from "./edit.js";
import { Panel } from "./panel.js";
import { button, make, notice } from "./parts.js";
import { Queue } from "./queue.js";
import { rights } from "./rights.js";
import { unfinished_uploads } from "./transfer.js";
import { say } from "./words.js";

const refresh_ms = 1500; // while uploads go on

// `tools` are the page's upper buttons, `choice` the bar of what is chosen.
export async function allow_writing(listing, tools, choice) {
  const queue = new Queue();
  const panel = new Panel(queue);
  const add = async (files) => {
    await mark_taken(files, listing);
    queue.add(files);
  };
  const edit = async (change, words) => {
    const done = await change();
    if (!done) return;
    if (words) notice(say(words));
    await refresh(listing);
  };

  const look = { shows_word: true, kind: "main" };
  const upload = button("upload", "upload", () => choose_files(false, add), look);
  const folder = button("folder_up", "upload_folder", () => choose_files(true, add));
  const fresh = button("plus", "new_folder", () => edit(make_folder, "done_folder"));
  const log_in = button("key", "log_in", () => rights.log_in(), { shows_word: true });
  tools.prepend(log_in, upload, folder, fresh);

  const chosen = () => [...listing.chosen];
  const renamer = button("rename", "rename", () => edit(() => rename(chosen()[0]), "done_rename"));
  const remover = button("delete", "delete", () => edit(() => remove(chosen())));
  choice.lastElementChild.before(renamer, remover);

  const show = () => {
    for (const each of [upload, folder, fresh]) each.hidden = !rights.may_upload;
    fresh.hidden = !rights.methods.has("MKCOL");
    log_in.hidden = !rights.wants_token;
    renamer.hidden = !rights.methods.has("MOVE") || listing.chosen.size !== 1;
    remover.hidden = !rights.may_edit;
    listing.empty_word = rights.may_upload ? "empty_hint" : "empty";
  };
  rights.addEventListener("change", () => {
    show();
    listing.arrange();
  });
  listing.addEventListener("change", show);
  show();

  const veil = make("div", { id: "veil", dataset: { word: "drop_here" }, textContent: say("drop_here") });
  document.body.append(veil);
  accept_drops(() => rights.may_upload, add);
  queue.addEventListener("settled", () => refresh(listing));
  queue.addEventListener("login", async () => {
    if (await rights.log_in()) queue.resume();
  });
  let last = 0;
  queue.addEventListener("change", () => {
    const is_due = performance.now() - last > refresh_ms && queue.open.length > 0;
    if (!is_due || !queue.uploads.some(({ state }) => state === "done")) return;
    last = performance.now();
    refresh(listing);
  });
  document.addEventListener("keydown", (event) => handle_key(event, listing, renamer, remover));

  await rights.ask();
  if (rights.tus) panel.offer(await unfinished_uploads(), (file, path) => add([{ file, path }]));
}

// Sets `is_taken` of each whose name is there already.
async function mark_taken(files, listing) {
  const known = new Map([["", new Set(listing.all.map(({ name }) => name))]]); // by folder
  for (const each of files) {
    const parts = each.path.split("/");
    const name = parts.pop();
    const folder = parts.join("/");
    if (!known.has(folder)) {
      const may_hold_some = known.get("").has(parts[0]);
      known.set(folder, may_hold_some ? await names_in(parts) : new Set());
    }
    each.is_taken = known.get(folder).has(name);
  }
}

async function names_in(parts) {
  try {
    const answer = await fetch(`./${parts.map(encodeURIComponent).join("/")}/?format=json`);
    return new Set(answer.ok ? (await answer.json()).map(({ name }) => name) : []);
  } catch {
    return new Set();
  }
}

function handle_key(event, listing, renamer, remover) {
  const entry = event.target.closest?.("#entries tr")?.entry;
  const wanted = { F2: renamer, Delete: remover }[event.key];
  if (!wanted || document.querySelector("dialog[open]")) return;
  if (entry && !listing.chosen.size) listing.choose([entry], true);
  if (!listing.chosen.size || wanted.hidden) return;
  event.preventDefault();
  wanted.click();
}

async function refresh(listing) {
  try {
    const answer = await fetch(`${location.pathname}?format=html`);
    if (!answer.ok) return;
    listing.take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // what is shown stays; the next change shows more
  }
}
