// Shows files over the page: pictures, audio, video, PDF and text, one at a time, with arrows between them.
// A file's own markup never runs: HTML is shown as text, and a picture cannot hold a script.

import { has_preview } from "./kinds.js";
import { button, label, make, open_dialog, picture } from "./parts.js";
import { say } from "./words.js";

const text_bytes_max = 512 * 1024;

// `entries` in their order; what has no preview is passed over. `entry` is the first one to be shown.
export function open_preview(entries, entry) {
  const shown = entries.filter((each) => has_preview(each.kind));
  const stage = make("div.stage");
  const count = make("span.count");
  const open = make("a.round", { target: "_blank", rel: "noopener" }, picture("open"));
  const download = make("a.round", {}, picture("download"));
  const bar = make("div.bar", {}, count, open, download, button("close", "close", () => dialog.close()));
  const back = button("previous", "previous", () => step(-1), { kind: "previous" });
  const on = button("next", "next", () => step(1), { kind: "next" });
  const { dialog, heading, answer } = open_dialog("preview", "", bar, stage, back, on);
  let at = shown.indexOf(entry);
  let canceller = new AbortController();

  function show() {
    canceller.abort();
    canceller = new AbortController();
    const current = shown[at];
    heading.replaceChildren(make("bdi", { textContent: current.shown }));
    count.textContent = say("of", at + 1, shown.length);
    open.href = current.href;
    download.href = `${current.href}?download`;
    download.download = current.name;
    label(open, "open");
    label(download, "download");
    back.disabled = at === 0;
    on.disabled = at === shown.length - 1;
    stage.replaceChildren(view_of(current, canceller.signal));
  }

  function step(distance) {
    const wanted = at + distance;
    if (wanted < 0 || wanted >= shown.length) return;
    at = wanted;
    show();
  }

  dialog.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1 };
    if (!(event.key in steps) || event.target.closest("audio, video")) return;
    if (event.key.startsWith("Page") && event.target.closest("pre")) return;
    event.preventDefault();
    step(steps[event.key]);
  });
  swipe(stage, step);

  // The way back of a telephone closes it, as a person expects.
  history.pushState({ preview: true }, "");
  const leave = () => dialog.close();
  addEventListener("popstate", leave);
  answer.then(() => {
    canceller.abort();
    stage.replaceChildren(); // audio and video fall silent
    removeEventListener("popstate", leave);
    if (history.state?.preview) history.back();
    shown[at].link.focus();
  });
  show();
}

function view_of(entry, signal) {
  const failed = () => message("preview_failed");
  switch (entry.kind) {
    case "picture": {
      const image = make("img", { src: entry.href, alt: entry.shown });
      image.addEventListener("error", () => image.replaceWith(failed()));
      return image;
    }
    case "audio":
    case "video": {
      const player = make(entry.kind, { src: entry.href, controls: true, preload: "metadata" });
      player.addEventListener("error", () => player.replaceWith(failed()));
      return player;
    }
    case "pdf":
      if (navigator.pdfViewerEnabled === false) return message("no_preview");
      return make("iframe", { src: entry.href, title: entry.shown });
    default:
      return view_of_text(entry, signal);
  }
}

function message(word) {
  return make("p.message", { role: "status", dataset: { word }, textContent: say(word) });
}

function view_of_text(entry, signal) {
  const page = make("pre", { tabIndex: 0, textContent: say("loading") });
  page.setAttribute("aria-label", entry.shown);
  read_text(entry, signal).then(
    ({ text, is_cut }) => {
      page.replaceChildren(text);
      if (is_cut) page.after(message("preview_cut"));
    },
    (fault) => {
      if (fault.name !== "AbortError") page.replaceWith(message("preview_failed"));
    });
  return page;
}

async function read_text(entry, signal) {
  if (entry.size === 0) return { text: "", is_cut: false };
  const headers = { Range: `bytes=0-${text_bytes_max - 1}` };
  const answer = await fetch(entry.href, { headers, signal });
  if (!answer.ok) throw new Error(answer.statusText);
  const bytes = new Uint8Array(await answer.arrayBuffer()).subarray(0, text_bytes_max);
  return { text: decoded(bytes), is_cut: entry.size > text_bytes_max };
}

// UTF-8, else what older files in Chinese are written in.
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

const swipe_distance = 60; // CSS pixels

function swipe(stage, step) {
  let from = null;
  stage.addEventListener("touchstart", ({ touches }) => {
    from = touches.length === 1 ? touches[0] : null;
  }, { passive: true });
  stage.addEventListener("touchend", ({ changedTouches: [to] }) => {
    if (!from) return;
    const across = to.clientX - from.clientX;
    const along = to.clientY - from.clientY;
    const is_across = Math.abs(across) > swipe_distance && Math.abs(across) > 2 * Math.abs(along);
    if (is_across) step(across < 0 ? 1 : -1);
  }, { passive: true });
}
