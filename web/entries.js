// What the folder holds, read from the table that the server wrote: an entry for each row, and the orders in
// which they may stand.

import { kind_of } from "./kinds.js";
import { language } from "./words.js";

// Of the rows of a listing: this document's, or one that was fetched.
export function read_entries(listing) {
  return [...listing.querySelectorAll("#entries > tbody > tr")].map((row) => {
    const link = row.querySelector("a");
    const href = link.getAttribute("href");
    const name = decoded(href.replace(/^\.\//, "").replace(/\/$/, ""));
    const { kind, size, time } = row.dataset;
    return {
      row, link, href, name,
      shown: row.querySelector("bdi")?.textContent ?? "../",
      kind: kind === "file" ? kind_of(name) : kind,
      size: Number(size ?? 0),
      time: Number(time ?? 0),
      sought: name.normalize("NFKC").toLowerCase(),
    };
  });
}

// A name that is not UTF-8 stays as its escapes; the address is right in any case.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// The way up first, then folders, then by `key` (name, size, time); equals by name, "a2" before "a10".
export function sort_entries(entries, key, descending) {
  const collator = new Intl.Collator(language() === "zh" ? "zh-CN" : "en", { numeric: true });
  const rank = (entry) => (entry.kind === "up" ? 0 : entry.kind === "folder" ? 1 : 2);
  const by_name = (a, b) => collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1);
  const by_key = key === "name" ? by_name : (a, b) => a[key] - b[key] || by_name(a, b);
  return entries.sort((a, b) => rank(a) - rank(b) || (descending ? by_key(b, a) : by_key(a, b)));
}

// Whether the name holds each of the words.
export function is_found(entry, words) {
  return words.every((word) => entry.sought.includes(word));
}

export function words_of(text) {
  return text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
}

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function print_bytes(bytes) {
  let unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.length; ++unit) bytes /= 1024;
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`;
}

const writers = new Map(); // by language: making one costs more than using it

export function print_time(seconds) {
  if (!writers.has(language())) {
    const options = { dateStyle: "medium", timeStyle: "short" };
    writers.set(language(), new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : undefined, options));
  }
  return writers.get(language()).format(seconds * 1000);
}
