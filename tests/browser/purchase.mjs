// The stories: what a buyer does, and what must be so.

import assert from 'node:assert/strict';

const ADA = {
  email: 'ada@example.org',
  phone: '+1 217 555 0100',
  first_name: 'Ada',
  last_name: 'Lovelace',
  address1: '12 Analytical Way',
  zip: '62701',
  city: 'Springfield',
  province: 'IL',
};

export const CARDS = { good: '4242424242424242', declined: '4000000000000002', challenge: '4000002500003155' };

/// Looks around, fills a cart, is declined once, pays with another card, and finds the order again.
export async function buyWithDeclinedCardFirst(visit) {
  const { page } = visit;
  await fillCart(visit);
  const checkout = await placeOrder(visit);

  await payWith(page, CARDS.declined);
  await page.getByText(/declined/i).first().waitFor();
  await visit.shoot('declined');
  // Going back without paying: the order is kept and says what happened.
  const sandbox = page.url();
  const order = new URL(sandbox).searchParams.get('return_url') ?? (await page.locator('[name=return_url]').inputValue());
  await page.goto(order);
  await standing(page, 'failed');
  await visit.look('failed');
  await page.getByRole('link', { name: 'Try again' }).click();
  await payWith(page, CARDS.good);
  await standing(page, 'paid');
  await visit.look('paid');
  const number = /#(\d+)/.exec(await page.title())[1];

  // Whoever goes back to the checkout comes to the order.
  await page.goto(checkout);
  await standing(page, 'paid');
  await page.goto('/cart');
  await page.getByText('There is nothing in it yet').waitFor();
  await visit.look('empty-cart');

  await page.goto('/orders');
  await page.getByLabel('Order number').fill(number);
  await page.getByLabel('E-mail address').fill('ADA@example.org');
  await visit.look('lookup');
  await page.getByRole('button', { name: 'Find it' }).click();
  await page.locator('[data-standing=paid]').waitFor();
  assert.equal(new URL(page.url()).pathname, '/orders', 'number and address give no link');
  await visit.look('found');
}

/// The same with a card whose bank asks back.
export async function buyWithBankChallenge(visit) {
  const { page } = visit;
  await fillCart(visit);
  await placeOrder(visit);
  await payWith(page, CARDS.challenge);
  await page.getByRole('button', { name: 'Complete authentication' }).click();
  await standing(page, 'paid');
  await visit.look('paid');
}

/// Everything that can be wrong is said where it is wrong.
export async function seeErrors(visit) {
  const { page } = visit;
  await page.goto('/nowhere');
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  await visit.look('not-found');
  await openProduct(visit);
  await addToCart(page);
  await page.getByRole('link', { name: 'Check out' }).click();
  // What a browser would not let through reaches the server all the same.
  await page.locator('#checkout').evaluate((form) => (form.noValidate = true));
  await page.getByLabel('E-mail address').fill('ada');
  await page.getByLabel('Company').fill('Engines <Ltd>');
  await page.getByRole('button', { name: /^Place order/ }).click();
  await page.getByRole('alert').waitFor();
  for (const field of ['email', 'last_name', 'company', 'address1', 'city']) {
    await page.locator(`#${field}-error`).waitFor();
    assert.equal(await page.locator(`#${field}`).getAttribute('aria-describedby'), `${field}-error`);
  }
  assert.equal(await page.getByLabel('E-mail address').inputValue(), 'ada');
  await visit.look('errors');
  await page.goto('/orders');
  await page.getByLabel('Order number').fill('999999');
  await page.getByLabel('E-mail address').fill(ADA.email);
  await page.getByRole('button', { name: 'Find it' }).click();
  await page.getByRole('alert').waitFor();
  await visit.look('no-such-order');
}

async function openProduct(visit) {
  const { page } = visit;
  await page.goto('/shop');
  await page.getByRole('heading', { level: 1 }).waitFor();
  if (visit.product) {
    await page.goto(`/products/${visit.product}`);
  } else {
    await page.locator('.card:not(:has(.badge))').first().click();
  }
  await page.getByRole('button', { name: 'Add to cart' }).waitFor();
}

async function addToCart(page) {
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.waitForURL(/\/cart(\?|$)/);
  await page.getByRole('status').filter({ hasText: 'It is in your cart.' }).waitFor();
}

/// Browses, chooses, puts two in, takes one out again, leaves a note.
export async function fillCart(visit) {
  const { page } = visit;
  await page.goto('/shop');
  await visit.look('shop');
  await openProduct(visit);
  await visit.look('product');
  const options = page.locator('form select');
  if ((await options.count()) > 0) {
    await page.getByRole('button', { name: 'Show this choice' }).click();
    await page.waitForURL(/[?&]o1=/);
  }
  await page.getByLabel('Quantity').fill('2');
  await addToCart(page);
  const two = await total(page);
  await page.getByLabel(/^Quantity of/).fill('1');
  await page.getByRole('button', { name: /^Update/ }).click();
  await page.waitForURL(/\/cart$/);
  assert.notEqual(await total(page), two, 'one costs less than two');
  await page.getByLabel('A note to the shop').fill('Ring twice, please.\n<b>Thank you</b>');
  await page.getByRole('button', { name: 'Save note' }).click();
  await page.getByText('Held for you until').waitFor();
  assert.equal(await page.getByLabel('A note to the shop').inputValue(), 'Ring twice, please.\n<b>Thank you</b>');
  await visit.look('cart');
}

/// Through the checkout to the sandbox's page. Gives the checkout's address.
export async function placeOrder(visit) {
  const { page } = visit;
  const { checkout, shown } = await sendCheckout(visit);
  await page.waitForURL(/\/sandbox\/pay\//);
  await visit.shoot('sandbox');
  assert.equal(digits(await page.locator('.amount').textContent()), digits(shown), 'what is shown is charged');
  return checkout;
}

/// Fills in the checkout and presses the button. Gives the checkout's address and the total on the button.
export async function sendCheckout(visit) {
  const { page } = visit;
  await page.getByRole('link', { name: 'Check out' }).click();
  const checkout = page.url();
  for (const [field, value] of Object.entries(ADA)) await page.locator(`#${field}`).fill(value);
  await page.getByLabel('Country').selectOption('US');
  await visit.look('checkout');
  const button = page.getByRole('button', { name: /^Place order/ });
  const shown = (await button.textContent()).split('–')[1].trim();
  await button.click();
  return { checkout, shown };
}

const digits = (amount) => amount.replace(/[^\d.,]/g, '');

export async function payWith(page, number) {
  await page.locator('[name=number]').fill(number);
  await page.locator('[name=expiry]').fill('12 / 34');
  await page.locator('[name=cvc]').fill('123');
  await page.locator('button[value=pay]').click();
}

/// The order's page, once it says that; while money is on its way the page looks again by itself.
export async function standing(page, name) {
  await page.waitForURL(/\/orders\//);
  await page.locator(`[data-standing=${name}]`).waitFor();
}

async function total(page) {
  return (await page.locator('#total').textContent()).trim();
}
