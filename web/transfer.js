// How one file travels: by tus 1.0, which goes on where it stopped, even after a reload or a restart of the
// server; by PUT where the server has nothing better. Both end by returning, or throw a fault of sending.js.

import { forget, recall, remember, remembered } from "./memory.js";
import { rights } from "./rights.js";
import { NetworkFault, Refused, send } from "./sending.js";

const tus_fields = { "Tus-Resumable": "1.0.0" };
const at_once_bytes_max = 1024 * 1024; // so much goes with the creation, where the server takes that
const prefix = `upload:${location.pathname}\n`;

// `path` is relative to this folder: "a/b.txt". `progress(bytes)` hears how much the server has.
export async function transfer(file, path, may_replace, signal, progress) {
  const [part] = path.split("/");
  if (!part) throw new Error("no name");
  const send_it = rights.tus && file.size <= rights.tus.bytes_max ? send_by_tus : send_by_put;
  await send_it(file, path, may_replace, signal, progress);
}

// Where the server would replace what it has, only a person may want that.
function unless_there(may_replace) {
  return rights.may_edit && !may_replace ? { "If-None-Match": "*" } : {};
}

// ---- PUT (RFC 9110 §9.3.4)

const made_folders = new Map(); // path to the promise that it is there

async function send_by_put(file, path, may_replace, signal, progress) {
  await make_folders(path, signal);
  const fields = { "Content-Type": "application/octet-stream", ...unless_there(may_replace) };
  const address = `./${escaped(path)}`;
  const answer = await send({ method: "PUT", address, fields, content: file, signal, on_progress: progress });
  if (answer.status >= 300) throw new Refused(answer);
}

async function make_folders(path, signal) {
  const parts = path.split("/").slice(0, -1);
  for (let count = 1; count <= parts.length; ++count) {
    const folder = parts.slice(0, count).join("/");
    if (!made_folders.has(folder)) {
      const making = make_folder(folder, signal);
      making.catch(() => made_folders.delete(folder));
      made_folders.set(folder, making);
    }
    await made_folders.get(folder);
  }
}

async function make_folder(folder, signal) {
  const answer = await send({ method: "MKCOL", address: `./${escaped(folder)}/`, signal });
  if (answer.status !== 201 && answer.status !== 405) throw new Refused(answer); // 405: it is there
}

function escaped(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

// ---- tus 1.0

async function send_by_tus(file, path, may_replace, signal, progress) {
  const name = name_of(file, path);
  let upload = await continued(name, signal);
  upload ??= await created(file, path, name, may_replace, signal, progress);
  while (upload.offset < file.size) {
    progress(upload.offset);
    const { offset, address } = upload;
    const fields = {
      ...tus_fields, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream",
    };
    const on_progress = (bytes) => progress(offset + bytes);
    const content = file.slice(offset);
    const answer = await send({ method: "PATCH", address, fields, content, signal, on_progress });
    if (answer.status === 409) {
      // Another offset is right, or all is there but its name.
      upload = (await continued(name, signal)) ?? gone(name);
      if (upload.offset === offset) throw new Refused(answer);
    } else if (answer.status >= 300) {
      if (answer.status === 404 || answer.status === 410) gone(name);
      throw new Refused(answer);
    } else {
      upload.offset = offset_of(answer);
    }
  }
  progress(file.size);
  forget(name);
}

function gone(name) {
  forget(name);
  throw new NetworkFault("the upload is gone"); // it begins anew
}

async function continued(name, signal) {
  const address = recall(name);
  if (!address) return null;
  const answer = await send({ method: "HEAD", address, fields: tus_fields, signal });
  if (answer.status < 300) return { address, offset: offset_of(answer) };
  if (answer.status !== 404 && answer.status !== 410) throw new Refused(answer);
  forget(name);
  return null;
}

async function created(file, path, name, may_replace, signal, progress) {
  const bytes = new TextEncoder().encode(path);
  const encoded = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const fields = {
    ...tus_fields, "Upload-Length": String(file.size), "Upload-Metadata": `filename ${encoded}`,
    ...unless_there(may_replace),
  };
  const goes_along = file.size <= at_once_bytes_max && rights.tus.extensions.has("creation-with-upload");
  if (goes_along) fields["Content-Type"] = "application/offset+octet-stream";
  const answer = await send({
    method: "POST", address: location.pathname, fields, content: goes_along ? file : null, signal,
    on_progress: goes_along ? progress : null,
  });
  if (answer.status !== 201) throw new Refused(answer);
  const address = new URL(answer.field("Location"), location.href).pathname;
  const offset = goes_along ? offset_of(answer) : 0;
  if (offset < file.size) remember(name, address);
  return { address, offset };
}

function offset_of(answer) {
  const text = answer.field("Upload-Offset") ?? "";
  if (!/^\d+$/.test(text)) throw new Refused({ status: answer.status, text: "no Upload-Offset" });
  return Number(text);
}

// ---- what was begun and did not end

function name_of(file, path) {
  return `${prefix}${path}\n${file.size}\n${file.lastModified}`;
}

// Of this folder: { name, path, size, changed, offset }. What the server has forgotten is forgotten here.
export async function unfinished_uploads() {
  const found = [];
  for (const name of remembered(prefix)) {
    const [path, size, changed] = name.slice(prefix.length).split("\n");
    const upload = await continued(name, new AbortController().signal).catch(() => null);
    if (upload) found.push({
      name, path, size: Number(size), changed: Number(changed), offset: upload.offset,
    });
  }
  return found;
}

export function is_same_file(upload, file) {
  return upload.size === file.size && upload.changed === file.lastModified
    && upload.path.split("/").at(-1) === file.name;
}

// The server is told as well (tus: termination); it would find out by itself.
export function give_up(file, path) {
  give_up_name(name_of(file, path));
}

export function give_up_name(name) {
  const address = recall(name);
  forget(name);
  if (address && rights.tus?.extensions.has("termination"))
    fetch(address, { method: "DELETE", headers: tus_fields }).catch(() => null);
}
