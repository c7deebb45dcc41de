// Puts Stripe's Payment Element on the payment page. What it needs stands in the form's data attributes; card numbers
// go from Stripe's frame to Stripe and never touch this page or its server.
(() => {
  'use strict';

  const form = document.getElementById('payment');
  const button = document.getElementById('payment-submit');
  const problem = document.getElementById('payment-problem');
  const place = document.getElementById('payment-element');

  const tell = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };

  if (typeof window.Stripe !== 'function') {
    place.removeAttribute('aria-busy');
    tell('The card form could not be loaded. Please reload the page, or try another network.');
    return;
  }

  const { publishableKey, clientSecret, returnUrl } = form.dataset;
  const dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  const stripe = window.Stripe(publishableKey);
  const elements = stripe.elements({ clientSecret, appearance: { theme: dark ? 'night' : 'stripe' } });
  const payment = elements.create('payment');

  payment.on('ready', () => {
    place.removeAttribute('aria-busy');
    button.disabled = false;
  });
  payment.on('loaderror', () => {
    place.removeAttribute('aria-busy');
    tell('The card form could not be loaded. Please reload the page.');
  });
  payment.mount(place);

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    tell('');
    try {
      // Only comes back when something is wrong; otherwise Stripe sends the browser to the return address.
      const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: returnUrl } });
      tell(error.message || 'The payment did not go through. Please try again.');
    } catch {
      tell('The payment could not be sent. Please try again; you are never charged twice for one order.');
    }
    button.disabled = false;
  });
})();
