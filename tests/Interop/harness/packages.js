// The packages under which the reference is published.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Loads a package without the warnings of mdsf, whose native parser does not build on current Node.js. */
function load(name) {
  const { warn } = console;
  console.warn = () => {};

  try {
    return require(name);
  } finally {
    console.warn = warn;
  }
}

export const jstp = load('@metarhia/jstp');
export const mdsf = load('mdsf');
