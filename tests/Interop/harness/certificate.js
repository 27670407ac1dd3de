// A certificate for 127.0.0.1 and localhost, in a folder of its own.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// None is left, also where a server did not start.
const folders = new Set();
process.on('exit', () => folders.forEach(folder => rmSync(folder, { recursive: true, force: true })));

export class Certificate {
  constructor() {
    this.folder = mkdtempSync(path.join(tmpdir(), 'jstp-tls-'));
    [this.keyFile, this.file] = ['key.pem', 'cert.pem'].map(name => path.join(this.folder, name));

    folders.add(this.folder);

    execFileSync('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-keyout', this.keyFile, '-out', this.file,
    ], { stdio: 'ignore' });
  }

  /** The certificate itself, which vouches for itself. */
  get pem() {
    return readFileSync(this.file);
  }

  remove() {
    folders.delete(this.folder);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
