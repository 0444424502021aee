// A server of tus that we did not write: node tus_server.mjs FOLDER PORT. Says `ready PORT`, then the method,
// path and offset of each request.
import { createRequire } from 'node:module';

const require = createRequire(process.env.WEB_PEERS + '/');
const { Server } = require('@tus/server');
const { FileStore } = require('@tus/file-store');
const [folder, port] = process.argv.slice(2);
const server = new Server({
  path: '/files',
  datastore: new FileStore({ directory: folder }),
  maxSize: 100_000_000,
  respectForwardedHeaders: true,
  onUploadFinish: async (request, response, upload) => {
    console.log('finished', upload.id, upload.size, upload.metadata.filename);
    return response;
  },
});
const listening = server.listen({ host: '127.0.0.1', port: Number(port) }, () => {
  console.log(`ready ${listening.address().port}`);
});
listening.prependListener('request', (request) => {
  console.log(request.method, request.url, request.headers['upload-offset'] ?? '-');
});
