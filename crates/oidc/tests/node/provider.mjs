// Two real OpenID providers: one tells of a person only where it is asked about them, as the standard has it, the other in
// its ID tokens as well. Reads one line, {"returnTo": …, "secret": …}, prints one line with both issuers, and ends with
// whoever started it.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

// The provider's notices go where they are seen; standard output is for whoever started it.
console.info = console.error;

const jwk = (type, options, extra) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig', ...extra,
});

const keys = [
  jwk('rsa', { modulusLength: 2048 }, { kid: 'rsa' }),
  jwk('ec', { namedCurve: 'P-256' }, { kid: 'ec' }),
  jwk('ed25519', {}, { kid: 'ed' }),
];

// One client for each way to sign, and for each way to show who one is.
const clients = (returnTo, secret) => {
  const common = { redirect_uris: [returnTo], response_types: ['code'], grant_types: ['authorization_code'] };
  const signed = (alg) => ({ id_token_signed_response_alg: alg, client_id: `signs-${alg}`, client_secret: secret });
  return [
    ...['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256'].map(signed),
    { ...signed('RS256'), client_id: 'posts', token_endpoint_auth_method: 'client_secret_post' },
    { client_id: 'public', token_endpoint_auth_method: 'none' },
    { ...signed('RS256'), client_id: 'signed-userinfo', userinfo_signed_response_alg: 'RS256' },
  ].map((client) => ({ ...common, ...client }));
};

async function start(conformIdTokenClaims, { returnTo, secret }) {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: clients(returnTo, secret),
    jwks: { keys },
    cookies: { keys: ['only for a test'] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['given_name', 'family_name'],
    },
    conformIdTokenClaims,
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256'] },
    features: { devInteractions: { enabled: true }, jwtUserinfo: { enabled: true } },
    // Whoever signs in as `ada` is Ada; only a name that ends in `!` has shown its address to be theirs.
    findAccount: (ctx, sub) => ({
      accountId: sub,
      claims: () => ({
        sub,
        email: `${sub.replace('!', '')}@example.org`,
        email_verified: sub.endsWith('!'),
        given_name: 'Ada',
        family_name: 'Lovelace',
      }),
    }),
  });
  server.on('request', provider.callback());
  return issuer;
}

const lines = createInterface({ input: process.stdin });
lines.once('line', async (line) => {
  const hello = JSON.parse(line);
  const [reserved, frank] = await Promise.all([start(true, hello), start(false, hello)]);
  console.log(JSON.stringify({ reserved, frank }));
});
lines.once('close', () => process.exit(0));
