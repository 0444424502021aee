// What the browser keeps for us: short texts by name. One that keeps nothing (a private window, a full disk)
// is as one that has forgotten.

const prefix = "yam:";

export function recall(name) {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function remember(name, text) {
  try {
    localStorage.setItem(prefix + name, text);
  } catch {
    // nothing depends on it
  }
}

export function forget(name) {
  try {
    localStorage.removeItem(prefix + name);
  } catch {
    // as above
  }
}

// The names that begin so, without our prefix.
export function remembered(beginning) {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(prefix + beginning))
      .map((name) => name.slice(prefix.length));
  } catch {
    return [];
  }
}
