// A client of tus that we did not write: node tus_upload.mjs URL FILE NAME [whole|resumed|parallel]. Says
// where the upload is. `resumed` is aborted in the middle, and gone on with by what the client wrote down.
import { createReadStream, statSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(process.env.WEB_PEERS + '/');
const tus = require('tus-js-client');
const [endpoint, file, filename, how] = process.argv.slice(2);
const size = statSync(file).size;

function upload(options) {
  return new Promise((resolve, reject) => {
    const each = new tus.Upload(createReadStream(file), {
      endpoint,
      metadata: { filename },
      retryDelays: [100, 200, 400],
      onError: reject,
      onSuccess: () => resolve(each),
      ...options(() => each.abort().then(() => resolve(each))),
    });
    each.findPreviousUploads().then((previous) => {
      if (previous.length > 0) each.resumeFromPreviousUpload(previous[0]);
      console.log(previous.length > 0 ? 'resumes' : 'begins');
      each.start();
    }, reject);
  });
}

let done;
if (how === 'parallel') {
  done = await upload(() => ({ parallelUploads: 4 }));
} else if (how === 'resumed') {
  const urlStorage = new tus.FileUrlStorage('urls.json');
  const chunkSize = 1_000_000;
  const halfWay = (abort) => ({
    urlStorage,
    chunkSize,
    onChunkComplete: (bytes, accepted) => accepted > size / 2 && accepted < size && abort(),
  });
  await upload(halfWay);
  done = await upload(() => ({ urlStorage, chunkSize }));
} else {
  done = await upload(() => ({}));
}
console.log(done.url);
