// Drives the sandbox with Stripe's own client library, and checks its webhooks with it.
//
// Says on which port it receives webhooks (one line), then reads where the sandbox is (one line of JSON).

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import readline from 'node:readline';
import Stripe from 'stripe';

const received = [];
const receiver = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  received.push({ body: Buffer.concat(chunks), signature: request.headers['stripe-signature'] });
  response.end();
});
receiver.listen(0, '127.0.0.1');
await once(receiver, 'listening');
console.log(receiver.address().port);

const lines = readline.createInterface({ input: process.stdin });
const { port, key, signingSecret } = JSON.parse((await once(lines, 'line'))[0]);
lines.close();

const stripe = new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 });
const card = { currency: 'usd', payment_method_types: ['card'] };

const steps = {
  async 'creates and confirms a PaymentIntent'() {
    const intent = await stripe.paymentIntents.create({
      amount: 1999,
      currency: 'usd',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: { order: '1001', 'a key': 'ä & ö = %' },
      shipping: { name: 'Ada', address: { line1: '1 Way', country: 'GB' } },
    });
    assert.equal(intent.status, 'requires_payment_method');
    assert.deepEqual({ ...intent.metadata }, { order: '1001', 'a key': 'ä & ö = %' });
    const paid = await stripe.paymentIntents.confirm(intent.id, {
      payment_method: 'pm_card_visa',
      expand: ['latest_charge'],
    });
    assert.equal(paid.status, 'succeeded');
    assert.equal(paid.latest_charge.amount_captured, 1999);
    assert.equal(paid.latest_charge.billing_details.name, null);
    assert.match(paid.lastResponse.requestId, /^req_/);
  },

  async 'holds, captures and cancels'() {
    const hold = () =>
      stripe.paymentIntents.create({
        ...card, amount: 1000, confirm: true, payment_method: 'pm_card_mastercard', capture_method: 'manual',
      });
    const held = await hold();
    assert.equal(held.amount_capturable, 1000);
    const captured = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 800 });
    assert.equal(captured.amount_received, 800);
    const other = await hold();
    const canceled = await stripe.paymentIntents.cancel(other.id, { cancellation_reason: 'abandoned' });
    assert.equal(canceled.status, 'canceled');
  },

  async 'raises the right classes of error'() {
    const declined = stripe.paymentIntents.create({
      ...card, amount: 2000, confirm: true, payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    });
    await assert.rejects(declined, (error) => {
      assert.ok(error instanceof Stripe.errors.StripeCardError);
      assert.equal(error.statusCode, 402);
      assert.equal(error.code, 'card_declined');
      assert.equal(error.decline_code, 'insufficient_funds');
      assert.equal(error.payment_intent.status, 'requires_payment_method');
      return true;
    });
    const classes = Stripe.errors;
    const missing = stripe.paymentIntents.retrieve('pi_none');
    await assert.rejects(missing, (error) => error instanceof classes.StripeInvalidRequestError && error.statusCode === 404);
    const small = stripe.paymentIntents.create({ ...card, amount: 1 });
    await assert.rejects(small, (error) => error instanceof classes.StripeInvalidRequestError && error.code === 'amount_too_small');
    const stranger = new Stripe('sk_test_stranger', { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });
    await assert.rejects(stranger.customers.list(), (error) => error instanceof classes.StripeAuthenticationError);
  },

  async 'replays an idempotent request'() {
    const params = { ...card, amount: 2500 };
    const first = await stripe.paymentIntents.create(params, { idempotencyKey: 'order-1' });
    const again = await stripe.paymentIntents.create(params, { idempotencyKey: 'order-1' });
    assert.equal(again.id, first.id);
    assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
    const other = stripe.paymentIntents.create({ ...params, amount: 2600 }, { idempotencyKey: 'order-1' });
    await assert.rejects(other, (error) => error instanceof Stripe.errors.StripeIdempotencyError);
  },

  async 'retries by itself over the fault plan and acts once'() {
    const patient = new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', telemetry: false, maxNetworkRetries: 2, timeout: 500 });
    const plan = (fault) =>
      fetch(`http://127.0.0.1:${port}/sandbox/faults`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ api: { method: 'POST', path: '/v1/payment_intents', action: fault } }),
      });
    for (const fault of [
      { answer: { status: 500, acted: false } },
      { answer: { status: 503, acted: true } },
      { time_out: { hold_ms: 60000 } },
    ]) {
      const [before] = (await stripe.paymentIntents.list({ limit: 1 })).data;
      assert.equal((await plan(fault)).status, 200);
      const made = await patient.paymentIntents.create({ ...card, amount: 3000 });
      const made_since = (await stripe.paymentIntents.list({ ending_before: before.id })).data;
      assert.deepEqual(made_since.map((intent) => intent.id), [made.id], JSON.stringify(fault));
    }
  },

  async 'refunds'() {
    const paid = await stripe.paymentIntents.create({ ...card, amount: 900, confirm: true, payment_method: 'pm_card_visa' });
    const refund = await stripe.refunds.create({ payment_intent: paid.id, amount: 400 });
    assert.equal(refund.status, 'succeeded');
    const charge = await stripe.charges.retrieve(paid.latest_charge, { expand: ['balance_transaction'] });
    assert.equal(charge.amount_refunded, 400);
    assert.equal(charge.balance_transaction.net, 900 - charge.balance_transaction.fee);
    const moved = await stripe.balanceTransactions.retrieve(refund.balance_transaction);
    assert.equal(moved.amount, -400);
    await assert.rejects(stripe.refunds.create({ charge: charge.id, amount: 501 }));
  },

  async 'keeps customers and cards'() {
    const customer = await stripe.customers.create({ email: 'ada@example.com' });
    const method = await stripe.paymentMethods.create({
      type: 'card',
      card: { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' },
    });
    await stripe.paymentMethods.attach(method.id, { customer: customer.id });
    const paid = await stripe.paymentIntents.create({
      ...card, amount: 700, confirm: true, off_session: true, customer: customer.id, payment_method: method.id,
    });
    assert.equal(paid.status, 'succeeded');
    assert.equal((await stripe.customers.listPaymentMethods(customer.id)).data.length, 1);
    assert.equal((await stripe.customers.del(customer.id)).deleted, true);
  },

  async 'pages through a list by itself'() {
    const made = [];
    for (let amount = 1000; amount < 1012; amount += 1) {
      made.unshift((await stripe.paymentIntents.create({ ...card, amount })).id);
    }
    const seen = [];
    for await (const intent of stripe.paymentIntents.list({ limit: 5 })) {
      seen.push(intent.id);
      if (seen.length === made.length) break;
    }
    assert.deepEqual(seen, made);
    const all = await stripe.paymentIntents.list({ limit: 3 }).autoPagingToArray({ limit: 1000 });
    assert.equal(new Set(all.map((intent) => intent.id)).size, all.length);
  },

  async 'signs its webhooks'() {
    const undelivered = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/sandbox/webhooks`, { headers: { authorization: `Bearer ${key}` } });
      return (await answer.json()).undelivered;
    };
    while ((await undelivered()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const events = received.map(({ body, signature }) => stripe.webhooks.constructEvent(body, signature, signingSecret));
    const types = new Set(events.map((event) => event.type));
    for (const type of [
      'payment_intent.created', 'payment_intent.succeeded', 'payment_intent.payment_failed', 'payment_intent.canceled',
      'payment_intent.amount_capturable_updated', 'charge.succeeded', 'charge.failed', 'charge.refunded', 'refund.created',
      'customer.created',
    ]) {
      assert.ok(types.has(type), `no ${type}`);
    }
    const { body, signature } = received[0];
    const forged = Buffer.concat([body, Buffer.from(' ')]);
    assert.throws(() => stripe.webhooks.constructEvent(forged, signature, signingSecret));
    const listed = await stripe.events.retrieve(events[0].id);
    assert.deepEqual(JSON.parse(JSON.stringify(listed.data.object)), JSON.parse(JSON.stringify(events[0].data.object)));
  },
};

for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    console.log(`ok: ${name}`);
  } catch (error) {
    console.error(`FAILED: ${name}\n`, error);
    process.exit(1);
  }
}
console.log(`all ${Object.keys(steps).length} steps passed`);
process.exit(0);
