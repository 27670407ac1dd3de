// Starts the server under test as a process of its own on a free port, and ends it by its process id.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Certificate } from './certificate.js';
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

/** The URLs of endpoints by the name of their transport. */
const endpointUrls = ({ folder }) => ({
  net: 'tcp://127.0.0.1:0',
  tls: 'tls://127.0.0.1:0',
  unix: `unix:${folder}/socket`,
  wss: 'wss://127.0.0.1:0',
});

function endpointSettings(transports, certificate) {
  if (transports.length === 0) return {};

  const urls = endpointUrls(certificate);
  return {
    '--Jstp:Tls:CertificateFile': certificate.file,
    '--Jstp:Tls:KeyFile': certificate.keyFile,
    ...Object.fromEntries(transports.map(name => [`--Jstp:Endpoints:${name}:Url`, urls[name]])),
  };
}

function ourCommand({ fixture, heartbeatInterval, clientExpirationTime, handshakeTimeout, node, compression, keepAnswers, transports = [] }, certificate) {
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
    '--Jstp:WebSocket:Compression': compression,
    '--Jstp:KeepAnswers': keepAnswers,
    ...endpointSettings(transports, certificate),
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

/** A running server: its `kind`, its `url`, its `endpoints` by scheme, and what became of its process. */
export class Server {
  #process;
  #stderr = '';
  #endpointCount;

  constructor(serverKind, process, endpointCount = 1, certificate = undefined) {
    this.kind = serverKind;
    this.endpoints = {};
    this.certificate = certificate;
    this.#process = process;
    this.#endpointCount = endpointCount;
    process.stderr.setEncoding('utf8').on('data', text => (this.#stderr = (this.#stderr + text).slice(-4000)));
    this.exited = once(process, 'exit').then(([code, signal]) => ({ code, signal }));
  }

  /** Resolves when the server has said where it listens. */
  async ready() {
    const lines = createInterface({ input: this.#process.stdout });
    const listening = new Promise(resolve => {
      lines.on('line', line => {
        const match = /^Listening on ((\w+):\S+)$/.exec(line);
        if (match) this.endpoints[match[2]] = match[1];
        if (Object.keys(this.endpoints).length === this.#endpointCount) resolve();
      });
    });
    const died = this.exited.then(({ code, signal }) => {
      throw new Error(`The server ended (${code ?? signal}) before it listened:\n${this.#stderr}`);
    });

    await within(30_000, 'the line "Listening on"', Promise.race([listening, died]));
    this.url = this.endpoints.ws;
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
    this.certificate?.remove();
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
 * @param {boolean} [options.compression] ours only, whether WebSocket messages are compressed where the client offers it
 * @param {boolean} [options.keepAnswers] ours only, whether answers are kept until clients are proven to have them
 * @param {('net'|'tls'|'unix'|'wss')[]} [options.transports] ours only, what is spoken beside WebSocket
 */
export async function startServer(options = {}) {
  const serverKind = options.kind ?? kind;
  const { transports = [] } = options;
  const certificate = transports.length > 0 ? new Certificate() : undefined;
  const { command, args, env } = serverKind === 'ours' ? ourCommand(options, certificate) : referenceCommand(options);

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

  return new Server(serverKind, child, 1 + transports.length, certificate).ready();
}
