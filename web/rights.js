// What the server lets this visitor do in this folder, by its own words (OPTIONS), and the way to be let do
// more: the token.

import { ask_line } from "./parts.js";
import { say } from "./words.js";

// Emits "change". Until the server has answered nobody may do anything.
class Rights extends EventTarget {
  methods = new Set();
  wants_token = false;
  tus = null; // of uploads that can be resumed: { extensions, bytes_max }

  async ask() {
    try {
      const answer = await fetch(location.pathname, { method: "OPTIONS" });
      this.methods = new Set(list_of(answer, "Allow"));
      this.wants_token = answer.headers.has("WWW-Authenticate");
      this.tus = null;
      if (this.methods.has("POST") && list_of(answer, "Tus-Version").includes("1.0.0")) this.tus = {
        extensions: new Set(list_of(answer, "Tus-Extension")),
        bytes_max: Number(answer.headers.get("Tus-Max-Size") ?? Infinity),
      };
    } catch {
      this.methods = new Set(["GET"]);
    }
    this.dispatchEvent(new Event("change"));
  }

  get may_upload() {
    return this.methods.has("PUT");
  }

  // What is there may be replaced, renamed and deleted.
  get may_edit() {
    return this.methods.has("DELETE");
  }

  // Asks for the token until it is right, or the person has enough. True when it was.
  async log_in() {
    const token = await ask_line({
      title: say("log_in"), hint: say("log_in_hint"), field: "token", yes: "log_in", is_secret: true,
      settle: async (text) => {
        const body = new URLSearchParams({ token: text, next: "/.yam/page.css" });
        const answer = await fetch("/.yam/login", { method: "POST", body }).catch(() => null);
        if (!answer) return say("no_network");
        return answer.ok ? "" : say("wrong_token");
      },
    });
    if (token === null) return false;
    await this.ask();
    return true;
  }
}

export const rights = new Rights();

function list_of(answer, field) {
  return (answer.headers.get(field) ?? "").split(",").map((word) => word.trim()).filter(Boolean);
}
