'use strict';

// Reads lines of JSON. {parse: text} is answered with what the fallback parser of mdsf makes of the text, null if it refuses it;
// {stringify: value}, encoded as in mdsf-vectors.json, with the text of the reference stringifier.
// Values are answered in a form in which every difference shows: ExactText.cs writes the same.

const readline = require('readline');
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
  if (Array.isArray(value)) return `[${value.map(exact).join(',')}]`;
  const members = Object.keys(value).map(
    key => `${quote(key)}:${exact(value[key])}`
  );
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

const tryParse = text => {
  try {
    return exact(parse(text));
  } catch (error) {
    return null;
  }
};

const answer = question =>
  question.parse === undefined
    ? stringify(decode(question.stringify))
    : tryParse(question.parse);

readline
  .createInterface({ input: process.stdin })
  .on('line', line =>
    process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n')
  );
