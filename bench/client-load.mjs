// The same as bench/Jstp.ClientBenchmark, with the reference client: keeps so many calls on their way over one connection, and
// prints calls a second, and the median and 99th percentile of the latency in microseconds.
//
//   NODE_ENV=production node bench/client-load.mjs URL OUTSTANDING SECONDS

import { createRequire } from 'node:module';

const packages = process.env.INTEROP ?? new URL('../tests/Interop/', import.meta.url);
const jstp = createRequire(new URL('package.json', packages))('@metarhia/jstp');

const payload = '0123456789abcdef';
const warmup = 3000;
const [url, outstanding, seconds] = process.argv.slice(2);
const times = [];
let isMeasuring = false;
let isOver = false;

function call(connection) {
  const start = performance.now();

  connection.callMethod('echo', 'value', [payload], (error, answer) => {
    if (error || answer !== payload) throw error ?? new Error('The server has answered something else.');
    if (isMeasuring) times.push(performance.now() - start);
    if (!isOver) call(connection);
  });
}

function report(elapsed) {
  isOver = true;
  isMeasuring = false;
  times.sort((a, b) => a - b);
  const at = share => (times[Math.floor(times.length * share)] * 1000).toFixed(0);
  console.log(`${((times.length / elapsed) * 1000).toFixed(0)} ${at(0.5)} ${at(0.99)}`);
  process.exit(0);
}

jstp.ws.connect('conformance', null, null, url, (error, connection) => {
  if (error) throw error;

  for (let i = 0; i < Number(outstanding); i++) call(connection);

  setTimeout(() => {
    const start = performance.now();
    isMeasuring = true;
    setTimeout(() => report(performance.now() - start), Number(seconds) * 1000);
  }, warmup);
});
