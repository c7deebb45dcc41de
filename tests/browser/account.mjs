// The account's story: it begins with a mail, what is bought is in it, and it is left and entered again.

import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CARDS, fillCart, payWith, placeOrder, standing } from './purchase.mjs';

const PASSWORD = 'tall oaks from little acorns grow';

/// Registers, opens the link of the mail, buys, finds the order, keeps an address, signs out and in again.
export async function openAnAccount(visit) {
  const { page } = visit;
  // Each story has an account of its own, though they share a shop.
  const email = `ada.${visit.screen}@example.org`;
  await page.goto('/account');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await visit.look('sign-in');
  await page.getByRole('link', { name: /Open one/ }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('First name').fill('Ada');
  await page.getByRole('checkbox', { name: /^Write to me/ }).check();
  await visit.look('register');
  await page.getByRole('button', { name: 'Send me the mail' }).click();
  await page.getByRole('heading', { name: 'Please look into your mail' }).waitFor();
  await visit.look('mailed');

  await page.goto(await mailed(visit.mail, email, '/account/activate/'));
  await page.getByLabel('New password').fill('short');
  await page.getByLabel('The same once more').fill('short');
  await page.getByRole('button', { name: 'Open the account' }).click();
  await page.locator('#password-error').waitFor();
  await visit.look('activate-refused');
  await choosePassword(page, 'Open the account');
  await page.getByRole('status').filter({ hasText: 'Your account is open' }).waitFor();
  assert.ok(await page.getByRole('checkbox', { name: /^Write to me/ }).isChecked(), 'what was agreed to while registering counts');
  await visit.look('account-new');

  await fillCart(visit);
  await placeOrder(visit);
  await payWith(page, CARDS.good);
  await standing(page, 'paid');
  const number = /#(\d+)/.exec(await page.title())[1];
  await page.goto('/account');
  await page.getByRole('link', { name: `Order #${number}` }).click();
  await page.locator('[data-standing=paid]').waitFor();
  assert.match(new URL(page.url()).pathname, /^\/account\/orders\//, 'a sign-in gives no key to the order');
  await visit.look('own-order');
  await page.getByRole('link', { name: 'Your account' }).click();

  await page.getByRole('link', { name: 'Add an address' }).click();
  await page.getByLabel('Last name').fill('Lovelace');
  await page.getByLabel('Street and number').fill('12 St James’s Square');
  await page.getByLabel('City').fill('London');
  await page.getByLabel('Country').selectOption('GB');
  await visit.look('address');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('12 St James’s Square').first().waitFor();
  await visit.look('account');
  for (const own of ['details', 'email', 'password', 'erase']) {
    await page.goto(`/account/${own}`);
    await visit.look(own);
  }

  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('status').filter({ hasText: 'You are signed out.' }).waitFor();
  await page.goto('/account');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('not my password, I am afraid');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await visit.look('sign-in-refused');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: `Order #${number}` }).waitFor();
}

/// A forgotten password, and the pages that mails to staff lead to.
export async function recoverAnAccount(visit) {
  const { page } = visit;
  const email = `eve.${visit.screen}@example.org`;
  await page.goto('/account/register');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send me the mail' }).click();
  await page.goto(await mailed(visit.mail, email, '/account/activate/'));
  await choosePassword(page, 'Open the account');
  await page.getByRole('heading', { name: 'Your account' }).waitFor();

  await page.goto('/account/recover');
  await visit.look('recover');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send me the mail' }).click();
  const link = await mailed(visit.mail, email, '/account/reset/');
  await page.goto(link);
  await visit.look('reset');
  await choosePassword(page, 'Set the password');
  await page.getByRole('status').filter({ hasText: 'Your password is changed' }).waitFor();
  await page.goto(link);
  await choosePassword(page, 'Set the password');
  await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
  await visit.look('dead-link');

  await page.goto('/account/email/no-such-token');
  await visit.look('confirm-email');
  for (const door of ['accept/no-such-token', 'reset/no-such-token', 'recover']) {
    await page.goto(`/staff/${door}`);
    await visit.look(`staff-${door.split('/')[0]}`);
  }
}

async function choosePassword(page, button) {
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('The same once more').fill(PASSWORD);
  await page.getByRole('button', { name: button }).click();
}

/// The newest link below this path that was mailed to an address. Waits for it: mails are written by jobs.
async function mailed(folder, address, path) {
  for (let tries = 0; tries < 150; tries += 1) {
    const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
    const letters = await Promise.all(
      files.map(async (name) => {
        const file = join(folder, name);
        return { text: await readFile(file, 'utf8'), at: (await stat(file)).mtimeMs };
      }),
    );
    const found = letters
      .filter(({ text }) => text.includes(`To: ${address}`))
      .sort((one, other) => other.at - one.at)
      .map(({ text }) => new RegExp(`https?://[^\\s"]*${path}[\\w-]+`).exec(decoded(text))?.[0])
      .find(Boolean);
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`no link to ${path} was mailed to ${address}`);
}

/// Quoted-printable, as mails carry it; the links are in ASCII.
function decoded(raw) {
  return raw.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}
