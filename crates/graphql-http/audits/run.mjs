// Judges the endpoint whose URL is the first argument, with code that is not ours: the GraphQL-over-HTTP audits of
// `graphql-http`, and the introspection of `graphql`, from which its schema must be able to be rebuilt.
// Prints every finding; exits with 1 unless all are good.
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { auditServer } from 'graphql-http';

const EXPECTED = 61;

const url = process.argv[2];
if (!url) {
  console.error('usage: node run.mjs http://127.0.0.1:PORT/graphql');
  process.exit(2);
}

const results = await auditServer({ url });
let ok = 0;
for (const { id, name, status, reason } of results) {
  if (status === 'ok') ok += 1;
  console.log(`${status.padEnd(6)} ${id} ${name}${reason ? `: ${reason}` : ''}`);
}
console.log(`${ok} of ${results.length} audits ok`);

const query = getIntrospectionQuery({
  descriptions: true,
  directiveIsRepeatable: true,
  inputValueDeprecation: true,
  oneOf: true,
  schemaDescription: true,
  specifiedByUrl: true,
});
const response = await fetch(url, {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
  body: JSON.stringify({ query }),
});
const { data, errors } = await response.json();
const schema = errors ? undefined : buildClientSchema(data);
const missing = ['defer', 'inContext'].filter((name) => !schema?.getDirective(name));
console.log(errors ? `introspection failed: ${JSON.stringify(errors)}` : `introspection ok, missing directives: [${missing}]`);

process.exit(ok === EXPECTED && results.length === EXPECTED && schema && missing.length === 0 ? 0 : 1);
