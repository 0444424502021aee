// The pieces that the page is made of: elements, buttons with pictures, and dialogs. Text enters as text
// only: nothing here parses markup.

import { say } from "./words.js";

// Paths of 24 × 24 pictures, drawn by stroke.
const pictures = {
  folder: "M3 7a2 2 0 0 1 2-2h4l2 2.5h8a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z",
  file: "M7 3h7l4 4v14H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v4h4",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4L15 13l5 5M15.5 9.5h.01",
  audio: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z"
    + "M19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  video: "M3 6h12v12H3zM15 10l6-3v10l-6-3",
  text: "M7 3h7l4 4v14H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v4h4M9 12h6M9 16h6",
  pdf: "M7 3h7l4 4v14H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v4h4M9 17v-5h1.5a1.5 1.5 0 0 1 0 3H9",
  archive: "M4 4h16v5H4zM5 9v11h14V9M10 13h4",
  up: "M12 19V6M6 11l6-6 6 6",
  home: "M4 11l8-7 8 7M6 10v10h12V10",
  search: "M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13zM15.5 15.5L21 21",
  upload: "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
  download: "M12 4v12M7 11l5 5 5-5M4 20h16",
  plus: "M3 7a2 2 0 0 1 2-2h4l2 2.5h8a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM12 10.5v6M9 13.5h6",
  folder_up: "M3 7a2 2 0 0 1 2-2h4l2 2.5h8a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"
    + "M12 16.5v-6M9.5 13l2.5-2.5 2.5 2.5",
  qr: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2",
  list: "M4 6h16M4 12h16M4 18h16",
  tiles: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
  close: "M6 6l12 12M18 6L6 18",
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  open: "M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9",
  rename: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  delete: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  pause: "M9 5v14M15 5v14",
  resume: "M8 5l11 7-11 7z",
  key: "M8 16a4 4 0 1 1 3.5-6H21v4h-3v2h-3v-2h-3.5A4 4 0 0 1 8 16z",
  done: "M5 13l4.5 4.5L19 7",
};

export function picture(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("picture");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", pictures[name]);
  svg.append(path);
  return svg;
}

// make("td.name", {title: "…"}, child, "text", …): properties are set as such, children appended.
export function make(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const element = document.createElement(tag);
  element.className = classes.join(" ");
  const { dataset, role, ...others } = properties;
  Object.assign(element, others);
  Object.assign(element.dataset, dataset);
  if (role) element.setAttribute("role", role);
  element.append(...children.filter((child) => child !== null));
  return element;
}

// A button that says what it does by a word of words.js: with text, or by its picture and a label.
export function button(picture_name, word, action, { shows_word = false, kind = "" } = {}) {
  const made = make(`button.${shows_word ? "wide" : "round"}${kind && `.${kind}`}`, { type: "button" });
  made.append(picture(picture_name));
  if (shows_word) made.append(make("span", { dataset: { word }, textContent: say(word) }));
  else label(made, word);
  made.addEventListener("click", action);
  return made;
}

export function label(element, word) {
  element.dataset.label = word;
  element.setAttribute("aria-label", say(word));
  element.title = say(word);
}

// A modal dialog that goes when it is closed. `answer` settles with the value that it was closed by; Escape
// and a click beside it give null.
export function open_dialog(kind, title, ...children) {
  const heading = make("h2", { textContent: title, id: "dialog-title" });
  const dialog = make(`dialog.${kind}`, {}, heading, ...children);
  dialog.setAttribute("aria-labelledby", heading.id);
  document.body.append(dialog);
  let given = null;
  const answer = new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(given);
    });
  });
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog && is_beside(dialog, event)) dialog.close();
  });
  dialog.showModal();
  return {
    dialog, heading, answer,
    close(value = null) {
      given = value;
      dialog.close();
    },
  };
}

function is_beside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top
    || event.clientY > box.bottom;
}

// A line of text is asked for. `check(text)` says what is wrong with it, or nothing; `settle(text)` may
// refuse it by returning words, later. Gives the text, or null.
export async function ask_line(question) {
  const { title, hint = "", field, value = "", yes, check, settle, is_secret = false } = question;
  const input = make("input", { type: is_secret ? "password" : "text", value, autocomplete: "off" });
  input.setAttribute("aria-label", say(field));
  const fault = make("p.fault", { role: "alert" });
  const submit = make("button.wide.main", { type: "submit", textContent: say(yes) });
  const cancel = make("button.wide", { type: "button", textContent: say("cancel") });
  const form = make("form", {}, hint ? make("p", { textContent: hint }) : null, input, fault,
    make("div.choices", {}, cancel, submit));
  const opened = open_dialog("small", title, form);
  cancel.addEventListener("click", () => opened.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.textContent = check?.(input.value) ?? "";
    if (fault.textContent) return;
    submit.disabled = true;
    fault.textContent = (await settle?.(input.value)) ?? "";
    submit.disabled = false;
    if (!fault.textContent) opened.close(input.value);
    else input.focus();
  });
  input.focus();
  const stem = value.lastIndexOf(".");
  input.setSelectionRange(0, stem > 0 ? stem : value.length);
  return opened.answer;
}

// True when the person agrees.
export async function ask_consent({ title, hint, yes }) {
  const submit = make("button.wide.danger", { type: "button", textContent: say(yes) });
  const cancel = make("button.wide", { type: "button", textContent: say("cancel") });
  const opened = open_dialog("small", title, make("p", { textContent: hint }),
    make("div.choices", {}, cancel, submit));
  submit.addEventListener("click", () => opened.close(true));
  cancel.addEventListener("click", () => opened.close());
  cancel.focus();
  return (await opened.answer) === true;
}

const line = make("p", { id: "notice", role: "status" });
let gone;

// Says something at the lower edge for a while; screen readers say it aloud.
export function notice(text, is_fault = false) {
  if (!line.isConnected) document.body.append(line);
  line.textContent = text;
  line.classList.toggle("fault", is_fault);
  line.classList.add("shown");
  clearTimeout(gone);
  gone = setTimeout(() => line.classList.remove("shown"), is_fault ? 8000 : 3500);
}
