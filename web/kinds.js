// What a file is to this page, by the end of its name: which picture stands beside it, and how it is shown.

const endings = {
  picture: "avif bmp gif ico jpeg jpg png svg webp",
  audio: "aac flac m4a mp3 oga ogg opus wav weba",
  video: "m4v mkv mov mp4 ogv webm",
  pdf: "pdf",
  archive: "7z br bz2 deb gz iso jar rar rpm tar tgz xz zip zst",
  text: "asm awk bash bat bib c cc cfg cmake conf cpp cs css csv cxx dart diff eml env erl ex fish go "
    + "gradle h hpp hs htm html hxx ics ini ipynb java jl js json jsonl jsx kt lean less lisp log lua m "
    + "m3u md meta4 mjs mk ml nfo nim nix org patch php pl po properties ps1 py r rb rs rst rtf s sass "
    + "scala scm scss sh sol sql srt sub sv svelte swift tcl tex tf toml ts tsv tsx txt v vb vhd vim vtt "
    + "vue xhtml xml xsl yaml yml zig zsh",
};
const by_ending = new Map(
  Object.entries(endings).flatMap(([kind, list]) => list.split(" ").map((ending) => [ending, kind])));
const plain_names =
  /^(\.\w+|authors|changelog|copying|dockerfile|install|license|makefile|news|notice|readme|todo)$/i;

export const thumbnail_bytes_max = 1024 * 1024;

// "folder", "up", "picture", "audio", "video", "pdf", "archive", "text" or "file".
export function kind_of(name) {
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
  return by_ending.get(ending) ?? (plain_names.test(name) ? "text" : "file");
}

export function has_preview(kind) {
  return kind === "picture" || kind === "audio" || kind === "video" || kind === "pdf" || kind === "text";
}
