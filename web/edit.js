// Changes of what the folder holds: new folders, new names, and removal.

import { ask_consent, ask_line, notice } from "./parts.js";
import { rights } from "./rights.js";
import { say } from "./words.js";

// Gives a promise of the answer; a server that wants a token is asked again once that has been shown.
async function request(method, address, headers = {}) {
  const answer = await fetch(address, { method, headers });
  if (answer.status !== 401 || !(await rights.log_in())) return answer;
  return fetch(address, { method, headers });
}

async function words_of(answer) {
  const text = (await answer.text().catch(() => "")).trim();
  return text.length > 0 && text.length < 200 ? text : String(answer.status);
}

function fault_of_name(text) {
  return text === "" || text === "." || text === ".." || text.includes("/") ? say("bad_name") : "";
}

// The name that was made, or null.
export function make_folder() {
  return ask_line({
    title: say("new_folder"), field: "folder_name", yes: "create", check: fault_of_name,
    settle: (name) => attempt("MKCOL", `./${encodeURIComponent(name)}/`),
  });
}

export function rename(entry) {
  return ask_line({
    title: say("rename"), field: "new_name", yes: "rename", value: entry.name,
    check: (text) => (text === entry.name ? "" : fault_of_name(text)),
    settle: (name) => {
      if (name === entry.name) return "";
      const to = new URL(`./${encodeURIComponent(name)}${entry.kind === "folder" ? "/" : ""}`, location.href);
      return attempt("MOVE", entry.href, { Destination: to.href, Overwrite: "F" });
    },
  });
}

// What stands against it, "" when it was done.
async function attempt(method, address, headers) {
  try {
    const answer = await request(method, address, headers);
    if (answer.ok) return "";
    const is_taken = answer.status === 405 || answer.status === 412;
    return is_taken ? say("exists") : say("failed", await words_of(answer));
  } catch {
    return say("failed", say("no_network"));
  }
}

// True when anything was.
export async function remove(entries) {
  const title = say("delete_question", entries.length, entries[0].shown);
  if (!(await ask_consent({ title, hint: say("delete_warning"), yes: "delete" }))) return false;
  let count = 0;
  for (const entry of entries) {
    const fault = await attempt("DELETE", entry.href);
    if (fault) {
      notice(`${entry.shown}: ${fault}`, true);
      return count > 0;
    }
    ++count;
  }
  notice(say("done_delete", count));
  return true;
}
