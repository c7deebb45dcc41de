// Reads the "#>" lines of a document such as buy.graphql: which values of one step's answer the next steps need.
'use strict';

const StoaGuide = {
  // The document's operations in order: name, line, what is learned from the answer, what is to be opened.
  steps(document) {
    const steps = [];
    let learns = [];
    let opens = null;
    document.split('\n').forEach((text, line) => {
      const learn = /^#>\s*\$(\w+)\s*=\s*(\/\S+)/.exec(text);
      const open = /^#>\s*open\s+(\/\S+)/.exec(text);
      const operation = /^(?:query|mutation)\s+(\w+)/.exec(text);
      if (learn) learns.push({ variable: learn[1], pointer: learn[2] });
      if (open) opens = open[1];
      if (operation) {
        steps.push({ name: operation[1], line, learns, opens });
        learns = [];
        opens = null;
      }
    });
    return steps.some((step) => step.learns.length > 0) ? steps : [];
  },

  // The value that a JSON pointer (RFC 6901) names, or null.
  at(answer, pointer) {
    const keys = pointer.split('/').slice(1).map((key) => key.replace(/~1/g, '/').replace(/~0/g, '~'));
    return keys.reduce((value, key) => value?.[key] ?? null, answer);
  },

  // The messages of an answer that say what went wrong: request errors and the refusals in userErrors.
  complaints(answer) {
    const refusals = Object.values(answer?.data ?? {}).flatMap((payload) => payload?.userErrors ?? []);
    return [...(answer?.errors ?? []), ...refusals].map((error) => error.message);
  },

  // What a step's answer teaches: the variables it fills in, the address to open, what is wrong with it.
  read(step, answer) {
    const variables = {};
    const missing = [];
    for (const { variable, pointer } of step.learns) {
      const value = StoaGuide.at(answer, pointer);
      if (value === null) missing.push(variable);
      else variables[variable] = value;
    }
    const complaints = StoaGuide.complaints(answer);
    if (complaints.length === 0 && missing.length > 0) complaints.push(`the answer has no ${missing.join(', ')}`);
    return { variables, complaints, opens: step.opens && StoaGuide.address(StoaGuide.at(answer, step.opens)) };
  },

  // An address that may become a link: of the web, and nothing that runs.
  address(value) {
    if (typeof value !== 'string' || value === '') return null;
    const url = new URL(value, location.href);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  },

  // An idempotency key that nobody else invents.
  key() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  },
};
