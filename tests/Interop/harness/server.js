// Starts the server under test as a process of its own on a free port, and ends it by its process id.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { within } from './waiting.js';

const kinds = ['ours', 'reference'];

/** Which server is under test: `ours` (the default) or `reference`. */
export const kind = process.env.JSTP_SERVER ?? 'ours';

if (!kinds.includes(kind)) throw new Error(`JSTP_SERVER is '${kind}', it must be one of: ${kinds.join(', ')}.`);

const referenceScript = name => fileURLToPath(new URL(`../reference/${name}-server.js`, import.meta.url));

function required(name, meaning) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: ${meaning}.`);
  return value;
}

/** Milliseconds, where given, as a .NET TimeSpan of less than a day. */
const timeSpan = milliseconds => milliseconds && new Date(milliseconds).toISOString().slice(11, -1);

function referenceCommand({ fixture, heartbeatInterval, clientExpirationTime }) {
  const options = Object.entries({
    '--fixture': fixture,
    '--heartbeat-interval': heartbeatInterval,
    '--client-expiration-time': clientExpirationTime,
  }).filter(([, value]) => value !== undefined);

  const script = referenceScript(fixture === undefined ? 'conformance' : 'depot');
  return { command: process.execPath, args: [script, ...options.flat().map(String)] };
}

function ourCommand({ fixture, heartbeatInterval, clientExpirationTime, handshakeTimeout, node }) {
  const host = required('JSTP_HOST_DLL', 'the path of the built Jstp.Host.dll');
  const apps =
    fixture === undefined
      ? 'conformance'
      : required('JSTP_FIXTURES', 'the --Jstp:Apps value of the depot fixture, see README.md');

  const options = Object.entries({
    '--Jstp:HeartbeatInterval': timeSpan(heartbeatInterval),
    '--Jstp:ClientExpirationTime': timeSpan(clientExpirationTime),
    '--Jstp:HandshakeTimeout': timeSpan(handshakeTimeout),
    '--Jstp:Node': node,
  }).filter(([, value]) => value !== undefined);

  return {
    command: process.env.JSTP_DOTNET ?? 'dotnet',
    args: [
      host,
      '--urls',
      'http://127.0.0.1:0',
      `--Jstp:Apps=${apps}`,
      ...options.map(([name, value]) => `${name}=${value}`),
    ],
    env: fixture === undefined ? {} : { JSTP_FIXTURE: fixture },
  };
}

// No server outlives the tests, also not when the runner ends a file that takes too long.
const running = new Set();
process.on('exit', () => running.forEach(child => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** A running server: its `kind`, its `url`, and what became of its process. */
export class Server {
  #process;
  #stderr = '';

  constructor(serverKind, process) {
    this.kind = serverKind;
    this.#process = process;
    process.stderr.setEncoding('utf8').on('data', text => (this.#stderr = (this.#stderr + text).slice(-4000)));
    this.exited = once(process, 'exit').then(([code, signal]) => ({ code, signal }));
  }

  /** Resolves when the server has said where it listens. */
  async ready() {
    const lines = createInterface({ input: this.#process.stdout });
    const listening = new Promise(resolve => {
      lines.on('line', line => {
        const match = /^Listening on (ws:\/\/\S+)$/.exec(line);
        if (match) resolve(match[1]);
      });
    });
    const died = this.exited.then(({ code, signal }) => {
      throw new Error(`The server ended (${code ?? signal}) before it listened:\n${this.#stderr}`);
    });

    this.url = await within(30_000, 'the line "Listening on"', Promise.race([listening, died]));
    return this;
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  /** Whether the process still runs. */
  get isRunning() {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** The end of what the server wrote to its error output, to explain a failure. */
  get errorOutput() {
    return this.#stderr;
  }

  signal(name) {
    this.#process.kill(name);
  }

  /** Ends the process, by force if it does not leave by itself. */
  async stop() {
    if (!this.isRunning) return;
    this.signal('SIGTERM');
    const force = setTimeout(() => this.signal('SIGKILL'), 5000);
    await this.exited;
    clearTimeout(force);
  }
}

/**
 * Starts a server of the kind under test and waits until it listens. Times are in milliseconds.
 * @param {object} [options]
 * @param {string} [options.kind] another kind than the one under test
 * @param {string} [options.fixture] serves this variant of the depot fixture instead of the conformance application
 * @param {number} [options.heartbeatInterval]
 * @param {number} [options.clientExpirationTime]
 * @param {number} [options.handshakeTimeout] ours only, the reference always waits 3 000 ms
 * @param {string} [options.node] ours only, the name of the node
 */
export async function startServer(options = {}) {
  const serverKind = options.kind ?? kind;
  const { command, args, env } = serverKind === 'ours' ? ourCommand(options) : referenceCommand(options);

  // A folder of its own: ours keeps its sessions in the working directory.
  const directory = mkdtempSync(join(tmpdir(), 'jstp-interop-'));
  const child = spawn(command, args, {
    cwd: directory,
    env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child, 'spawn');
  running.add(child);
  child.once('exit', () => {
    running.delete(child);
    rmSync(directory, { recursive: true, force: true });
  });

  return new Server(serverKind, child).ready();
}
