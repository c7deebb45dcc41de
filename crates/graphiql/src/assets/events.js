// Subscriptions, as event streams: they need no more than `fetch`, and carry the headers of the tab.
'use strict';

// eslint-disable-next-line no-unused-vars -- boot.js uses it
const StoaEvents = (() => {
  const NEXT = 'event: next\ndata: ';

  // Whether the operation that is to run is a subscription.
  function isSubscription(request, document) {
    const operations = (document?.definitions ?? []).filter(({ kind }) => kind === 'OperationDefinition');
    const chosen = operations.find(({ name }) => name?.value === request.operationName) ?? operations[0];
    return chosen?.operation === 'subscription';
  }

  async function* answers(endpoint, request, headers, signal) {
    const response = await fetch(endpoint, {
      method: 'POST',
      signal,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify(request),
    });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      yield JSON.parse(await response.text());
      return;
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ''; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
        const event = text.slice(0, end);
        if (event.startsWith('event: complete')) return;
        if (event.startsWith(NEXT)) yield JSON.parse(event.slice(NEXT.length));
      }
    }
  }

  // The answers to a subscription, until they end or nobody wants more. A generator alone would not do: one that waits for an
  // answer cannot be told to stop.
  function follow(endpoint, request, headers) {
    const stop = new AbortController();
    const source = answers(endpoint, request, headers, stop.signal);
    const over = { done: true, value: undefined };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        try {
          return await source.next();
        } catch (error) {
          if (stop.signal.aborted) return over;
          throw error;
        }
      },
      async return() {
        stop.abort();
        return over;
      },
    };
  }

  return { isSubscription, follow };
})();
