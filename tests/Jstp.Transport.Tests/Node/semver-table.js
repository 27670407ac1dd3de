'use strict';

// Reads lines of JSON, {range, versions}, and answers each with a line: null if semver refuses the range, else for each version
// '-' if semver refuses it, '1' if it satisfies the range, '0' if not.

const readline = require('readline');
const semver = require('semver');

const judge = (version, range) =>
  semver.valid(version) === null ? '-' : range.test(version) ? '1' : '0';

const answer = ({ range, versions }) => {
  try {
    const parsed = new semver.Range(range);
    return versions.map(version => judge(version, parsed)).join('');
  } catch (error) {
    return null;
  }
};

readline
  .createInterface({ input: process.stdin })
  .on('line', line => process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n'));
