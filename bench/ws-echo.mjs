// The echo on npm's ws: node bench/ws-echo.mjs [deflate]. Run where `ws` can be resolved, as in tests/Interop.
import { createRequire } from 'node:module';
import path from 'node:path';

const { WebSocketServer } = createRequire(path.join(process.cwd(), 'x.js'))('ws');
const [deflate] = process.argv.slice(2);
const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  perMessageDeflate: deflate ? { serverNoContextTakeover: true, clientNoContextTakeover: true, zlibDeflateOptions: { level: 1 } } : false,
});

server.on('connection', socket => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })));
server.on('listening', () => console.log(`Listening on http://127.0.0.1:${server.address().port}`));
