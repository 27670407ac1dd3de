// Headless Chromium of the system, and a page on loopback that has the browser bundle of @metarhia/jstp.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { chromium } from 'playwright-core';

const bundle = readFileSync(createRequire(import.meta.url).resolve('@metarhia/jstp/dist/jstp.umd.js'));
const html = '<!doctype html><meta charset="utf-8"><title>JSTP</title><script src="/jstp.umd.js"></script>';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

// The sandbox needs a user other than root; the rest keeps the browser from calling home.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

async function servePage() {
  const server = http.createServer((request, response) => {
    const isBundle = request.url === '/jstp.umd.js';
    response.writeHead(200, { 'Content-Type': isBundle ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8' });
    response.end(isBundle ? bundle : html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A browser with its own profile, and the server of its pages. */
export class Browser {
  #pages;
  #profile;
  #context;

  static async start() {
    const browser = new Browser();
    browser.#pages = await servePage();
    browser.#profile = await mkdtemp(path.join(tmpdir(), 'jstp-chromium-'));
    browser.#context = await chromium.launchPersistentContext(browser.#profile, {
      executablePath,
      headless: true,
      args: flags,
    });
    return browser;
  }

  /** A fresh page with the bundle loaded; `errors` collects what goes wrong in it. */
  async open() {
    const page = await this.#context.newPage();
    page.errors = [];
    page.on('pageerror', error => page.errors.push(error));
    await page.goto(`http://127.0.0.1:${this.#pages.address().port}/`);
    return page;
  }

  async stop() {
    await this.#context?.close();
    this.#pages?.close();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
