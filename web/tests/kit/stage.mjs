// What a suite stands on: a server with people, the page in front of it, and browsers that tell of every complaint.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

import { serve } from '../../tools/serve.mjs';
import { Line } from './line.mjs';
import { Rapport } from './server.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

export const sizes = { desk: DESK, phone: PHONE };

let shared;

export async function browser() {
  const path = process.env.CHROMIUM ?? execFileSync('sh', ['-c', 'command -v chromium || command -v google-chrome'], { encoding: 'utf8' }).trim();
  shared ??= chromium.launch({ executablePath: path, headless: true, args: FLAGS });
  return shared;
}

export async function closeBrowser() {
  await (await shared)?.close();
}

/** A server, the page in front of it and a line to it. */
export class Stage {
  static async up(options) {
    const stage = new Stage();
    stage.rapport = await Rapport.start(options);
    stage.port = stage.rapport.port;
    // The binary carries the page it was built with; another one is served from dist in front of it.
    const page = await fetch(`${stage.rapport.origin}/app`).then((answer) => (answer.ok ? answer.text() : ''), () => '');
    stage.own = page === readFileSync(new URL('../../dist/page.html', import.meta.url), 'utf8');
    if (!stage.own) {
      stage.front = await serve(0, stage.rapport.origin);
      stage.port = stage.front.address().port;
    }
    stage.line = await Line.to(stage.port);
    stage.origin = stage.line.origin;
    stage.contexts = [];
    stage.complaints = [];
    return stage;
  }

  /** A page of a browser of its own, signed in. */
  async open(path, { token = this.rapport.admin, size = DESK, scheme = 'light', expectTrouble = false, ...rest } = {}) {
    const context = await (await browser()).newContext({
      viewport: size,
      colorScheme: scheme,
      reducedMotion: 'reduce',
      // A worker's requests pass by the tests' routes; the suite of the worker allows it.
      serviceWorkers: 'block',
      hasTouch: size === PHONE,
      isMobile: size === PHONE,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      ...rest,
    });
    this.contexts.push(context);
    return this.tab(context, path, { token, expectTrouble });
  }

  async tab(context, path, { token = this.rapport.admin, expectTrouble = false } = {}) {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:'].includes(url.protocol) && url.host !== new URL(this.origin).host) this.complaints.push(`asked ${url}`);
      if (token && url.href.split('#')[0].includes(token)) this.complaints.push(`the token in ${url}`);
    });
    page.on('pageerror', (problem) => this.complaints.push(`error: ${problem.stack ?? problem}`));
    page.on('console', (message) => {
      const lost = expectTrouble && /WebSocket connection|Failed to load resource|net::ERR/.test(message.text());
      if (['error', 'warning'].includes(message.type()) && !lost && !/registration blocked by Playwright/.test(message.text())) this.complaints.push(`console: ${message.text()}`);
    });
    await page.goto(`${this.origin}${path}${token ? `#token=${token}` : ''}`);
    return page;
  }

  /** What the browsers complained of since the last look. */
  complaintsNow() {
    const told = this.complaints;
    this.complaints = [];
    return told;
  }

  async down() {
    for (const context of this.contexts) await context.close().catch(() => {});
    this.line.stop();
    this.front?.closeAllConnections();
    this.front?.close();
    await this.rapport.stop();
  }
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds wrong, one line each. */
export async function axe(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }), RULES);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary.split('\n').slice(1, 2)}`));
}
