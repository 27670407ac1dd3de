// The recorded exchanges, tests/data/jstp-transcripts.json.

import { readFileSync } from 'node:fs';

export const transcripts = JSON.parse(readFileSync(new URL('../../data/jstp-transcripts.json', import.meta.url), 'utf8'));
