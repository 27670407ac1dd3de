// The echo sample as a server: samples/WebSocketEcho, or what JSTP_ECHO_DLL names.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const sample = fileURLToPath(new URL('../../../samples/WebSocketEcho/bin/Release/net10.0/WebSocketEcho.dll', import.meta.url));
const dll = process.env.JSTP_ECHO_DLL ?? sample;

export class EchoServer {
  #process;
  #folder;

  /** `url` has the scheme ws or wss. */
  url;

  static async start({ tls = false, args = [] } = {}) {
    const server = new EchoServer();
    const scheme = tls ? 'https' : 'http';
    const certificate = tls ? server.#makeCertificate() : [];

    server.#process = spawn('dotnet', [dll, '--urls', `${scheme}://127.0.0.1:0`, ...certificate, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

    for await (const line of createInterface({ input: server.#process.stdout })) {
      const ready = /^Listening on http(s?:\/\/\S+)$/.exec(line);
      if (ready) {
        server.url = `ws${ready[1]}/`;
        return server;
      }
    }

    throw new Error(`The echo server ended before it listened: ${dll}`);
  }

  get isRunning() {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  async stop() {
    if (this.isRunning) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }

    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  }

  #makeCertificate() {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'echo-'));
    const [key, certificate] = ['key.pem', 'cert.pem'].map(name => path.join(this.#folder, name));

    execFileSync('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-keyout', key, '-out', certificate,
    ], { stdio: 'ignore' });

    return [`--Kestrel:Certificates:Default:Path=${certificate}`, `--Kestrel:Certificates:Default:KeyPath=${key}`];
  }
}
