// Buys something through the shop's pages in headless Chromium, with JavaScript switched off, on a desk and on a narrow
// telephone in the dark.
//
//   BASE_URL=http://127.0.0.1:3000 [SCREENSHOTS=folder] [CHROMIUM=/usr/bin/chromium] [PRODUCT=handle]
//   [STRIPE_URL=http://127.0.0.1:3001] [MAIL_FOLDER=folder] node run.mjs
//
// The server must use its sandbox: the cards are play money's. Without PRODUCT the first product that is not sold out is
// bought. STRIPE_URL is a second shop, which takes the first one's sandbox for Stripe itself (stripe.secret_key =
// "sk_test_sandbox", stripe.publishable_key = "pk_test_sandbox", stripe.api_base = BASE_URL) and so lets its buyers pay on
// its own page. MAIL_FOLDER is where the first shop writes its mails to (mail/ in its data folder): with it, accounts are opened as
// well. Ends with 0 when everything holds, with 1 and the reason otherwise.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Visit } from './visit.mjs';
import { openAnAccount, recoverAnAccount } from './account.mjs';
import { payOnOurPage } from './payment-element.mjs';
import { buyWithDeclinedCardFirst, buyWithBankChallenge, seeErrors } from './purchase.mjs';

const base = process.env.BASE_URL;
if (!base) {
  console.error('BASE_URL is missing: where does the shop run?');
  process.exit(2);
}
const screenshots = process.env.SCREENSHOTS;
if (screenshots) await mkdir(screenshots, { recursive: true });

const screens = {
  desk: { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  telephone: { viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
};

const profile = await mkdtemp(join(tmpdir(), 'stoa-chromium-'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
  env: { ...process.env, HOME: profile },
});

const { STRIPE_URL: stripe, MAIL_FOLDER: mail } = process.env;
const stories = [
  { screen: 'desk', story: buyWithDeclinedCardFirst },
  { screen: 'telephone', story: buyWithBankChallenge },
  { screen: 'desk', story: seeErrors },
  { screen: 'telephone', story: seeErrors },
  ...(mail
    ? [
        { screen: 'desk', story: openAnAccount },
        { screen: 'telephone', story: openAnAccount },
        { screen: 'desk', story: recoverAnAccount },
        { screen: 'telephone', story: recoverAnAccount },
      ]
    : []),
  // The one page that needs JavaScript, since Stripe's form does.
  ...(stripe ? [{ screen: 'telephone', story: payOnOurPage, shop: stripe, scripts: true }] : []),
];
let failed = false;
try {
  for (const { screen, story, shop = base, scripts = false } of stories) {
    const context = await browser.newContext({ ...screens[screen], baseURL: shop, javaScriptEnabled: scripts });
    const scripted = await browser.newContext(screens[screen]);
    const options = { story: story.name, screen, screenshots, product: process.env.PRODUCT, sandbox: base, mail };
    const visit = new Visit(context, await scripted.newPage(), options);
    try {
      await visit.begin();
      await story(visit);
      visit.assertQuiet();
      console.log(`ok    ${story.name} at ${screen}`);
    } catch (error) {
      failed = true;
      await visit.shoot('failed').catch(() => {});
      console.error(`FAIL  ${story.name} at ${screen}, on ${visit.page?.url()}\n${error.stack}`);
    } finally {
      await context.close();
      await scripted.close();
    }
  }
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
