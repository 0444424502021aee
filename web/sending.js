// One request with content that may be large: it tells how far it is, which fetch() does not.

export class NetworkFault extends Error {}

// What the server answered, when that was no success.
export class Refused extends Error {
  constructor(answer) {
    const text = answer.text.trim();
    super(text.length > 0 && text.length < 200 ? text : `HTTP ${answer.status}`);
    this.status = answer.status;
  }
}

// Gives { status, text, field(name) } of any answer. NetworkFault when there is none; once `signal` says so,
// its reason.
export function send({ method, address, fields = {}, content = null, signal, on_progress }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener("abort", abort);
    request.open(method, address);
    for (const [name, value] of Object.entries(fields)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => on_progress?.(loaded);
    request.onload = () => resolve({
      status: request.status, text: request.responseText, field: (name) => request.getResponseHeader(name),
    });
    request.onerror = () => reject(new NetworkFault(method));
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener("abort", abort);
    request.send(content);
  });
}
