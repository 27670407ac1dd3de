'use strict';

// Reads lines of JSON. {parse: text} is answered with what the fallback parser of mdsf makes of the text, null if it refuses it;
// {stringify: value}, encoded as in mdsf-vectors.json, with the text of the reference stringifier;
// {evaluate: text} with what a JavaScript engine makes of the text, null if it is not JavaScript.
// Values are answered in a form in which every difference shows: ExactText.cs writes the same.

const readline = require('readline');
const vm = require('vm');
const { parse, stringify } = require('mdsf/lib/serde-fallback');

const quote = text =>
  '"' +
  text.replace(
    /[^ -~]|["\\]/g,
    unit => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0')
  ) +
  '"';

const bits = number => {
  if (Number.isNaN(number)) return 'NaN';
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleBE(number);
  return buffer.toString('hex');
};

const exact = value => {
  switch (typeof value) {
    case 'number':
      return bits(value);
    case 'string':
      return quote(value);
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'Undefined';
  }
  if (value === null) return 'Null';
  if (Array.isArray(value)) return `[${Array.from(value, exact).join(',')}]`;
  // After {__proto__:null} a second __proto__ becomes a member of its own by accident.
  const members = Object.keys(value)
    .filter(key => key !== '__proto__' && value[key] !== undefined)
    .map(key => `${quote(key)}:${exact(value[key])}`);
  return `{${members.join(',')}}`;
};

const special = {
  undefined: () => undefined,
  NaN: () => NaN,
  Infinity: () => Infinity,
  '-Infinity': () => -Infinity,
  '-0': () => -0,
  utf16: ({ hex }) =>
    hex.replace(/..../g, unit => String.fromCharCode(parseInt(unit, 16))),
  object: ({ entries }) => {
    const object = {};
    for (const [key, value] of entries) {
      Object.defineProperty(object, decode(key), {
        value: decode(value),
        enumerable: true,
      });
    }
    return object;
  },
};

const decode = encoded => {
  if (typeof encoded !== 'object' || encoded === null) return encoded;
  if (Array.isArray(encoded)) return encoded.map(decode);
  return special[encoded.$](encoded);
};

const attempt = action => {
  try {
    return exact(action());
  } catch (error) {
    return null;
  }
};

const realm = vm.createContext(Object.create(null));

const evaluate = text => vm.runInContext(`[${text}\n][0]`, realm);

const answer = question => {
  if (question.parse !== undefined) return attempt(() => parse(question.parse));
  if (question.evaluate !== undefined) {
    return attempt(() => evaluate(question.evaluate));
  }
  return stringify(decode(question.stringify));
};

readline
  .createInterface({ input: process.stdin })
  .on('line', line =>
    process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n')
  );
