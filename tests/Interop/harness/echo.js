// The echo sample as a server: samples/WebSocketEcho, or what JSTP_ECHO_DLL names.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Certificate } from './certificate.js';

const sample = fileURLToPath(new URL('../../../samples/WebSocketEcho/bin/Release/net10.0/WebSocketEcho.dll', import.meta.url));
const dll = process.env.JSTP_ECHO_DLL ?? sample;

export class EchoServer {
  #process;
  #certificate;

  /** `url` has the scheme ws or wss. */
  url;

  static async start({ tls = false, args = [] } = {}) {
    const server = new EchoServer();
    const scheme = tls ? 'https' : 'http';
    if (tls) server.#certificate = new Certificate();
    const { file, keyFile } = server.#certificate ?? {};
    const certificate = tls ? [`--Kestrel:Certificates:Default:Path=${file}`, `--Kestrel:Certificates:Default:KeyPath=${keyFile}`] : [];

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

    this.#certificate?.remove();
  }
}
