// A reporter for `node --test`: failures in full, one line per file, and at the end `N passed, N failed, N skipped`.

import path from 'node:path';
import { inspect } from 'node:util';

const isSuite = data => data.details?.type === 'suite';

function cause(error) {
  const inner = error?.cause ?? error;
  return inner instanceof Error || typeof inner === 'object' ? inspect(inner, { depth: 8 }) : String(inner);
}

export default async function* summary(source) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const files = new Map();
  // A test that is declared through a helper carries the file of the helper, so its suite tells where it belongs.
  let running = 'unknown';
  const count = (outcome, { details }) => {
    if (!files.has(running)) files.set(running, { passed: 0, failed: 0, skipped: 0, milliseconds: 0 });
    const file = files.get(running);
    file[outcome]++;
    file.milliseconds += details.duration_ms;
    totals[outcome]++;
  };

  for await (const { type, data } of source) {
    if (type === 'test:start' && data.file?.endsWith('.test.js')) {
      running = path.basename(data.file);
    } else if (type === 'test:pass' && !isSuite(data)) {
      count(data.skip === undefined ? 'passed' : 'skipped', data);
    } else if (type === 'test:fail' && !(isSuite(data) && data.details.error.failureType === 'subtestsFailed')) {
      count('failed', data);
      // A suite whose server did not start says so itself, once for all its tests.
      if (data.details.error.failureType === 'cancelledByParent') continue;
      yield `FAILED ${running}: ${data.name}\n${cause(data.details.error).replace(/^/gm, '    ')}\n`;
    } else if (type === 'test:stderr') {
      yield data.message;
    }
  }

  for (const [name, { passed, failed, skipped, milliseconds }] of files) {
    const seconds = (milliseconds / 1000).toFixed(1);
    yield `${name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)\n`;
  }
  yield `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`;
}
