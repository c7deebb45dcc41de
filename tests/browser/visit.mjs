// A visit to the shop: one page, what it complains about, and what is checked on every page that is looked at.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export class Visit {
  #context;
  #checker;
  #options;
  #complaints = [];
  #shots = 0;

  /// `checker` is a page of a context like `context`, but with JavaScript.
  constructor(context, checker, options) {
    this.#context = context;
    this.#checker = checker;
    this.#options = options;
  }

  async begin() {
    this.page = await this.#context.newPage();
    this.page.setDefaultTimeout(15_000);
    // A broken policy shows itself on the console.
    this.page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.#complaints.push(`console: ${message.text()}`);
    });
    this.page.on('pageerror', (error) => this.#complaints.push(`script: ${error.message}`));
    this.page.on('response', (response) => {
      const own = new URL(response.url()).origin === new URL(this.page.url()).origin;
      if (own && response.status() >= 500) this.#complaints.push(`${response.status()} ${response.url()}`);
    });
  }

  get product() {
    return this.#options.product;
  }

  get sandbox() {
    return this.#options.sandbox;
  }

  /// The folder that the shop writes its mails to.
  get mail() {
    return this.#options.mail;
  }

  get screen() {
    return this.#options.screen;
  }

  /// What a browser says about answers that are meant to be errors (402, 404, 409, 422) is no complaint.
  assertQuiet() {
    const expected = /Failed to load resource: the server responded with a status of 4(02|04|09|22)/;
    assert.deepEqual(this.#complaints.filter((c) => !expected.test(c)), []);
  }

  /// A picture of the page for people, and for machines: one heading, nothing wider than the screen, no broken picture,
  /// nothing that keeps somebody out.
  async look(name) {
    await this.shoot(name);
    assert.equal(await this.page.locator('h1').count(), 1, `${name}: one main heading`);
    const wide = await this.page.evaluate(() => {
      const screen = document.documentElement.clientWidth;
      const wider = [...document.querySelectorAll('body *')].filter((e) => {
        const box = e.getBoundingClientRect();
        return box.width > 1 && box.right > screen + 1;
      });
      return wider.map((e) => e.outerHTML.slice(0, 120));
    });
    assert.deepEqual(wide, [], `${name}: wider than the screen`);
    const broken = await this.page.evaluate(() =>
      [...document.images].filter((i) => i.complete && i.naturalWidth === 0).map((i) => i.src),
    );
    assert.deepEqual(broken, [], `${name}: broken pictures`);
    await this.#assertAccessible(name);
  }

  async shoot(name) {
    const { story, screen, screenshots } = this.#options;
    if (!screenshots || !this.page) return;
    this.#shots += 1;
    const number = String(this.#shots).padStart(2, '0');
    await this.page.screenshot({ path: join(screenshots, `${story}-${screen}-${number}-${name}.png`), fullPage: true });
  }

  /// The checker is a script, and the visit runs none: it looks at a copy of the page in a browser that does.
  async #assertAccessible(name) {
    const copy = new URL('/copy-of-a-page', this.page.url()).href;
    const body = await this.page.content();
    await this.#checker.route(copy, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
    await this.#checker.goto(copy);
    await this.#checker.evaluate(axe);
    const { violations } = await this.#checker.evaluate(() =>
      globalThis.axe.run(document, { preload: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
    );
    await this.#checker.unroute(copy);
    const found = violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary}`));
    assert.deepEqual(found, [], `${name}: accessibility`);
  }
}
