// Paying on the shop's own page, as with a real Stripe account. Stripe's script and Stripe's API cannot be had here; a
// stand-in takes the script's place and the sandbox the API's, both under Stripe's own addresses: so the page's policy and
// the page's script are the real ones.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fillCart, sendCheckout, standing } from './purchase.mjs';

const STAND_IN = await readFile(new URL('./stripe-stand-in.js', import.meta.url), 'utf8');

export async function payOnOurPage(visit) {
  const { page } = visit;
  await page.route('https://js.stripe.com/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: STAND_IN }),
  );
  await page.route('https://api.stripe.com/**', (route) => toSandbox(route, visit.sandbox));

  await fillCart(visit);
  const { shown } = await sendCheckout(visit);
  await page.waitForURL(/\/orders\/[^/]+\/pay$/);
  const pay = page.getByRole('button', { name: `Pay ${shown}` });
  await page.getByLabel('Stand-in for a card').selectOption('pm_card_chargeDeclined');
  assert.equal(await pay.isEnabled(), true);
  await visit.look('payment-element');
  await pay.click();
  await page.getByRole('alert').filter({ hasText: 'declined' }).waitFor();
  await visit.look('payment-element-declined');

  await page.getByLabel('Stand-in for a card').selectOption('pm_card_visa');
  await pay.click();
  // No webhook of that sandbox reaches this shop: the page asks the gateway when the buyer comes back.
  await standing(page, 'paid');
  assert.match(page.url(), /redirect_status=succeeded/);
  await visit.look('paid');
}

async function toSandbox(route, sandbox) {
  const request = route.request();
  const headers = { 'access-control-allow-origin': new URL(await request.headerValue('origin')).origin };
  const form = new URLSearchParams(request.postData() ?? '');
  const key = form.get('key');
  form.delete('key');
  const answer = await fetch(new URL(new URL(request.url()).pathname, sandbox), {
    method: request.method(),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: form,
  });
  await route.fulfill({ status: answer.status, headers, contentType: 'application/json', body: await answer.text() });
}
