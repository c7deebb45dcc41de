// Mounts GraphiQL on this page's endpoint, with the buying document in its first tab and a guide through it.
'use strict';

(async () => {
  const root = document.getElementById('graphiql');
  const { endpoint, headers, buy, variables } = root.dataset;
  const { createElement, useEffect, useRef, useState } = React;
  const { useEditorContext, useExecutionContext } = GraphiQL.React;

  async function text(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response.text();
  }

  const [buyDocument, buyVariables] = await Promise.all([text(buy), text(variables)]);

  // The variables a purchase starts with.
  function freshVariables() {
    return JSON.stringify({ ...JSON.parse(buyVariables), idempotencyKey: StoaGuide.key() }, null, 2);
  }

  // Set by the guide once it is mounted; told of every answer to a document's own operation.
  let onAnswer = () => {};

  async function fetcher(request, options) {
    if (StoaEvents.isSubscription(request, options?.documentAST)) {
      return StoaEvents.follow(endpoint, request, options?.headers);
    }
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...options?.headers,
      },
      body: JSON.stringify(request),
    });
    const body = await response.text();
    let answer;
    try {
      answer = JSON.parse(body);
    } catch {
      throw new Error(`${endpoint} answered ${response.status} with something that is not JSON: ${body.slice(0, 200)}`);
    }
    onAnswer(request, answer);
    return answer;
  }

  // The strip below the answers: the next step as a button, what the last one taught or refused, a fresh start.
  function Guide() {
    const editors = useEditorContext({ nonNull: true });
    const execution = useExecutionContext({ nonNull: true });
    const { queryEditor, variableEditor } = editors;
    const tab = editors.tabs[editors.activeTabIndex]?.id;
    const [told, setProgress] = useState({});
    const progress = told.tab === tab ? told : { note: '' };
    const latest = useRef(null);

    const steps = queryEditor ? StoaGuide.steps(queryEditor.getValue()) : [];
    const next = steps.find((step) => step.name === progress.next) ?? steps[0];

    function pointAt(step) {
      queryEditor.setCursor({ line: step.line, ch: 0 });
      queryEditor.scrollIntoView({ line: step.line, ch: 0 }, 120);
      editors.setOperationName(step.name);
      queryEditor.focus();
    }

    function learn(request, answer) {
      const index = steps.findIndex((step) => step.name === request.operationName);
      if (index < 0) return;
      const lesson = StoaGuide.read(steps[index], answer);
      const learned = Object.keys(lesson.variables);
      if (learned.length > 0) {
        const known = JSON.parse(variableEditor.getValue() || '{}');
        variableEditor.setValue(JSON.stringify({ ...known, ...lesson.variables }, null, 2));
      }
      if (lesson.complaints.length > 0) {
        setProgress({ tab, next: steps[index].name, note: lesson.complaints.join(' · ') });
        return;
      }
      const following = steps[index + 1];
      if (following) pointAt(following);
      setProgress({
        tab,
        next: (following ?? steps[index]).name,
        note: learned.length > 0 ? `Filled in ${learned.join(', ')}.` : '',
        link: lesson.opens,
      });
    }

    function run() {
      pointAt(next);
      execution.run();
    }

    function startOver() {
      // a document of the person's own stays in its tab; one of comments only, as in a new tab, makes room
      if (steps.length === 0 && /^[^#\s]/m.test(queryEditor.getValue())) editors.addTab();
      // after the new tab's own (empty) contents are in the editors
      setTimeout(() => {
        if (steps.length === 0) queryEditor.setValue(buyDocument);
        variableEditor.setValue(freshVariables());
        pointAt(StoaGuide.steps(queryEditor.getValue())[0]);
        setProgress({});
      });
    }

    latest.current = learn;
    useEffect(() => {
      onAnswer = (request, answer) => latest.current(request, answer);
    }, []);

    // GraphiQL shows a default tab's document but not its variables: this puts them in.
    useEffect(() => {
      if (!queryEditor || !variableEditor) return;
      if (queryEditor.getValue() !== buyDocument || variableEditor.getValue().trim() !== '') return;
      variableEditor.setValue(freshVariables());
      pointAt(StoaGuide.steps(buyDocument)[0]);
    }, [queryEditor, variableEditor]);

    const button = (key, label, onClick, kind) =>
      createElement('button', { key, type: 'button', className: `graphiql-button stoa-${kind}`, onClick }, label);
    return createElement('div', { className: 'stoa-guide' }, [
      next && button('run', `▶ ${next.name.replace(/^Step(\d+)_/, 'Step $1: ')}`, run, 'next'),
      progress.link &&
        createElement(
          'a',
          { key: 'link', href: progress.link, target: '_blank', rel: 'noopener noreferrer', className: 'stoa-link' },
          'Pay for it on this page',
        ),
      createElement('span', { key: 'note', role: 'status', className: 'stoa-note' }, progress.note),
      button('over', steps.length > 0 ? 'Start over' : 'Buy something', startOver, 'over'),
    ]);
  }

  const page = createElement(
    GraphiQL,
    {
      fetcher,
      defaultTabs: [{ query: buyDocument }],
      defaultHeaders: headers,
      defaultEditorToolsVisibility: 'variables',
      // other GraphiQL pages of this origin keep their own tabs
      storage: GraphiQL.createLocalStorage({ namespace: 'stoa' }),
    },
    createElement(GraphiQL.Logo, null, 'Stoa'),
    createElement(GraphiQL.Footer, null, createElement(Guide)),
  );
  ReactDOM.createRoot(root).render(page);
})().catch((error) => {
  const note = document.createElement('p');
  note.setAttribute('role', 'alert');
  note.textContent = `GraphiQL could not start: ${error.message}`;
  document.getElementById('graphiql').replaceChildren(note);
});
