// Files from a person's hands: dropped ones, with whole folders, or chosen ones. As { file, path }.

const files_max = 100_000;

// Calls `take(files)` for what is dropped anywhere on the page while `may()` says yes.
export function accept_drops(may, take) {
  let depth = 0;
  const has_files = (event) => event.dataTransfer?.types.includes("Files") && may();
  const show = (is_over) => document.documentElement.classList.toggle("dropping", is_over);
  addEventListener("dragenter", (event) => {
    if (has_files(event)) show(++depth > 0);
  });
  addEventListener("dragleave", (event) => {
    if (has_files(event)) show((depth = Math.max(depth - 1, 0)) > 0);
  });
  addEventListener("dragover", (event) => {
    if (has_files(event)) event.preventDefault();
  });
  addEventListener("drop", async (event) => {
    if (!has_files(event)) return;
    event.preventDefault();
    show((depth = 0) > 0);
    take(await files_of(event.dataTransfer));
  });
}

async function files_of(transfer) {
  // All entries at once: the list is empty after the first wait.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, path: file.name }));
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  return found;
}

async function walk(entry, prefix, found) {
  if (found.length >= files_max) return;
  const path = prefix + entry.name;
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    if (file) found.push({ file, path });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) return;
    for (const child of some) await walk(child, `${path}/`, found);
  }
}

// Opens the system's window to choose files, or with `is_folder` a folder.
export function choose_files(is_folder, take) {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.webkitdirectory = is_folder;
  input.hidden = true;
  input.addEventListener("change", () => {
    take([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input); // some browsers forget one that stands nowhere
  input.click();
}
