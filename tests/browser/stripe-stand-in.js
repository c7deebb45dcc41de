// Does what the payment page needs of Stripe's script, and nothing else: an element that lets a person choose a test card
// instead of typing one, and a confirmation that goes to the API and sends the browser back.
window.Stripe = (key) => {
  const choice = document.createElement('select');
  const elements = ({ clientSecret }) => {
    const listeners = {};
    const element = {
      on: (event, listener) => (listeners[event] = listener),
      mount: (place) => {
        const label = document.createElement('label');
        label.append('Stand-in for a card ', choice);
        for (const card of ['pm_card_visa', 'pm_card_chargeDeclined']) choice.add(new Option(card));
        place.append(label);
        setTimeout(() => listeners.ready());
      },
    };
    return { clientSecret, create: () => element };
  };
  const confirmPayment = async ({ elements: { clientSecret }, confirmParams }) => {
    const intent = clientSecret.split('_secret_')[0];
    const answer = await fetch(`https://api.stripe.com/v1/payment_intents/${intent}/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ key, client_secret: clientSecret, payment_method: choice.value }),
    });
    const { error } = await answer.json();
    if (error) return { error };
    window.location.assign(`${confirmParams.return_url}?payment_intent=${intent}&redirect_status=succeeded`);
    return new Promise(() => {});
  };
  return { elements, confirmPayment };
};
