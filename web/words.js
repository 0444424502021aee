// What the page says, in English and 简体中文. An element with data-word gets that word as its text, one with
// data-label as its accessible name and tooltip; translate() fills them in again when the language changes.

import { recall, remember } from "./memory.js";

const english = {
  name: "Name", size: "Size", changed: "Changed", folder: "Folder", actions: "Actions",
  search: "Search this folder", clear_search: "Clear the search",
  start: "Start folder", parent: "Parent folder",
  nothing_found: "Nothing here has such a name.", empty: "This folder is empty.",
  empty_hint: "This folder is empty. Drop files here, or choose them with “Upload”.",
  entries: (n) => (n === 1 ? "1 entry" : `${n} entries`), of: (n, all) => `${n} of ${all}`,
  files: (n) => (n === 1 ? "1 file" : `${n} files`),
  sort_by: "Sort by", as_list: "Show as a list", as_tiles: "Show as tiles", select_all: "Select all",
  select_one: (name) => `Select ${name}`, selected: (n) => `${n} selected`, select_none: "Select nothing",
  download: "Download", download_one: (name) => `Download ${name}`, archive: "Download as .zip",
  all_as_archive: "Download the folder as .zip",
  too_many: "Too many names for one address: select fewer, or all.",
  share: "Show as a QR code", share_hint: "Point a phone’s camera here to open this folder there.",
  share_local: "This address works on this machine alone. Open the page by the machine’s name or address in "
    + "the network, and the code leads there.",
  close: "Close", previous: "Previous", next: "Next", open: "Open",
  no_preview: "There is no preview of this kind.",
  preview_failed: "This cannot be shown.", preview_cut: "Only the beginning is shown.", loading: "Loading…",
  upload: "Upload", upload_folder: "Upload a folder", drop_here: "Drop to upload here",
  new_folder: "New folder", rename: "Rename", delete: "Delete", cancel: "Cancel", create: "Create",
  new_name: "New name", folder_name: "Name of the folder", bad_name: "A name has no / and is not . or ..",
  delete_question: (n, name) => (n === 1 ? `Delete “${name}”?` : `Delete these ${n} entries?`),
  delete_warning: "This cannot be undone. Folders go with all that is in them.",
  done_delete: (n) => `${n} deleted`, done_rename: "Renamed", done_folder: "Folder made",
  exists: "There is something of that name already.", failed: (what) => `That did not work: ${what}`,
  uploads: "Uploads", pause: "Pause", resume: "Resume", pause_all: "Pause all", resume_all: "Resume all",
  clear_done: "Close", waiting: "Waiting", paused: "Paused", done: "Done", uploading: "Uploading",
  trying_again: (seconds) => `No connection, trying again in ${seconds} s`,
  replace: "Replace", already_there: "Already there", retry: "Try again", remove: "Remove",
  speed: (rate) => `${rate}/s`, left: (time) => `${time} left`,
  seconds: (n) => `${n} s`, minutes: (n) => `${n} min`, hours: (n) => `${n} h`,
  progress: (percent, n) => `${percent} % of ${n === 1 ? "1 upload" : `${n} uploads`}`,
  all_done: (n) => (n === 1 ? "1 upload is done" : `${n} uploads are done`),
  some_failed: (n) => (n === 1 ? "1 upload failed" : `${n} uploads failed`),
  unfinished: "Unfinished: choose the file again, and it goes on where it stopped.", choose: "Choose…",
  forget: "Forget", wrong_file: "This is another file: name, size and time must be the same.",
  log_in: "Log in", log_in_hint: "To change what is here, enter the token that the server printed.",
  token: "Token", wrong_token: "This is not the token.", language: "中文", no_network: "no connection",
  keys: "↑ ↓ move · Space selects · Enter opens · / searches",
};

const chinese = {
  name: "名称", size: "大小", changed: "修改时间", folder: "文件夹", actions: "操作",
  search: "搜索此文件夹", clear_search: "清除搜索", start: "根文件夹", parent: "上级文件夹",
  nothing_found: "没有匹配的名称。", empty: "此文件夹为空。",
  empty_hint: "此文件夹为空。把文件拖到这里，或点“上传”选择。",
  entries: (n) => `${n} 项`, of: (n, all) => `${n} / ${all}`, files: (n) => `${n} 个文件`,
  sort_by: "排序", as_list: "列表视图", as_tiles: "平铺视图", select_all: "全选",
  select_one: (name) => `选择 ${name}`, selected: (n) => `已选 ${n} 项`, select_none: "取消选择",
  download: "下载", download_one: (name) => `下载 ${name}`, archive: "打包下载 .zip",
  all_as_archive: "打包下载整个文件夹",
  too_many: "所选名称太多，一个地址放不下：请少选一些，或全选。",
  share: "显示二维码", share_hint: "用手机扫一扫，即可打开此文件夹。",
  share_local: "此地址只在本机有效。请用局域网中的主机名或地址打开本页，二维码才能在手机上使用。",
  close: "关闭", previous: "上一个", next: "下一个", open: "打开", no_preview: "此类文件无法预览。",
  preview_failed: "无法显示。", preview_cut: "只显示开头部分。", loading: "正在载入…",
  upload: "上传", upload_folder: "上传文件夹", drop_here: "松开即可上传到这里",
  new_folder: "新建文件夹", rename: "重命名", delete: "删除", cancel: "取消", create: "新建",
  new_name: "新名称", folder_name: "文件夹名称", bad_name: "名称不能含有 /，也不能是 . 或 ..",
  delete_question: (n, name) => (n === 1 ? `删除“${name}”？` : `删除这 ${n} 项？`),
  delete_warning: "此操作无法撤销。文件夹会连同其中所有内容一起删除。",
  done_delete: (n) => `已删除 ${n} 项`, done_rename: "已重命名", done_folder: "已新建文件夹",
  exists: "已有同名的文件或文件夹。", failed: (what) => `操作失败：${what}`,
  uploads: "上传", pause: "暂停", resume: "继续", pause_all: "全部暂停", resume_all: "全部继续",
  clear_done: "关闭", waiting: "等待中", paused: "已暂停", done: "已完成", uploading: "正在上传",
  trying_again: (seconds) => `连接中断，${seconds} 秒后重试`,
  replace: "替换", already_there: "已存在", retry: "重试", remove: "移除",
  speed: (rate) => `${rate}/秒`, left: (time) => `剩余 ${time}`,
  seconds: (n) => `${n} 秒`, minutes: (n) => `${n} 分钟`, hours: (n) => `${n} 小时`,
  progress: (percent, n) => `${n} 个上传，已完成 ${percent}%`,
  all_done: (n) => `${n} 个上传已完成`, some_failed: (n) => `${n} 个上传失败`,
  unfinished: "未完成：再次选择该文件，即可从中断处继续。", choose: "选择…",
  forget: "忽略", wrong_file: "不是同一个文件：名称、大小和修改时间必须一致。",
  log_in: "登录", log_in_hint: "要修改这里的内容，请输入服务器显示的令牌。",
  token: "令牌", wrong_token: "令牌不正确。", language: "English", no_network: "没有连接",
  keys: "↑ ↓ 移动 · 空格选择 · 回车打开 · / 搜索",
};

const tables = { en: english, zh: chinese };
let current = "en";

export function language() {
  return current;
}

// The word, or what its function makes of the arguments.
export function say(word, ...values) {
  const found = tables[current][word];
  return typeof found === "function" ? found(...values) : found;
}

export function translate(root = document) {
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of root.querySelectorAll("[data-label]")) {
    const text = say(element.dataset.label);
    element.setAttribute("aria-label", text);
    if (element.matches("input")) element.placeholder = text;
    else element.title = text;
  }
}

// Tells everybody by a "language" event at the document.
export function choose_language(tag) {
  current = tag in tables ? tag : "en";
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  translate();
  document.dispatchEvent(new Event("language"));
}

export function choose_first_language() {
  const wanted = [recall("language") ?? "", ...navigator.languages];
  const tags = wanted.map((tag) => tag.slice(0, 2).toLowerCase());
  choose_language(tags.find((tag) => tag in tables) ?? "en");
}

export function choose_other_language() {
  choose_language(current === "en" ? "zh" : "en");
  remember("language", current);
}
