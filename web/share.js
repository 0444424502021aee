// The address of this page as a QR code, which the server draws.

import { make, open_dialog } from "./parts.js";
import { say } from "./words.js";

const local_names = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export function open_share() {
  const url = location.href.split("#")[0];
  // Relative to this module: the page need not lie at the server's root.
  const src = new URL(`../qr.svg?text=${encodeURIComponent(url)}`, import.meta.url).href;
  const code = make("img.qr", { alt: url, src });
  const is_local = local_names.test(location.hostname);
  const close = make("button.wide.main", { type: "button", textContent: say("close") });
  const opened = open_dialog("small.share", say("share"), code, make("p.address", { textContent: url }),
    make("p", { textContent: say(is_local ? "share_local" : "share_hint") }), make("div.choices", {}, close));
  close.addEventListener("click", () => opened.close());
}
