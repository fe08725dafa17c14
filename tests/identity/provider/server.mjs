// A real OpenID Connect provider (npm oidc-provider), as the tests need it: ES256, pairwise
// subjects, private_key_jwt, PKCE enforced. In front of it stands a proxy that can misbehave in
// ways which the provider itself cannot be made to: it changes what the provider answers, and
// signs it again with the provider's own key.
//
// Told by the environment variable CONFIG (JSON): port, client (metadata), people (claims by id).
// POST /misbehave {"how": "…"} chooses; GET /seen tells what was asked of the token end point.
import crypto from 'node:crypto';
import http from 'node:http';

globalThis.crypto ??= crypto.webcrypto; // Node 18
URL.parse ??= (url, base) => {
  try { return new URL(url, base); } catch { return null; }
}; // before Node 22

const { default: Provider } = await import('oidc-provider');
const { SignJWT, decodeJwt, exportJWK, generateKeyPair, generateSecret } = await import('jose');

const { port, client, people } = JSON.parse(process.env.CONFIG);
const issuer = `http://localhost:${port}`;

async function newKey(alg, kid) {
  const pair = await generateKeyPair(alg, { extractable: true });
  return { ...pair, alg, kid, jwk: { ...(await exportJWK(pair.privateKey)), alg, kid, use: 'sig' } };
}
const own = await newKey('ES256', 'own');
const strange = await newKey('ES256', 'own'); // claims to be the provider's
const rsa = await newKey('RS256', 'rsa');
const later = await newKey('ES256', 'later'); // the key after a change of keys
const secret = await generateSecret('HS256', { extractable: true });

const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [own.jwk] },
  clientAuthMethods: ['private_key_jwt'],
  enabledJWA: {
    clientAuthSigningAlgValues: ['ES256'],
    idTokenSigningAlgValues: ['ES256'],
  },
  subjectTypes: ['pairwise'],
  pairwiseIdentifier: (ctx, accountId, { sectorIdentifier }) =>
    crypto.createHash('sha256').update(`${sectorIdentifier}|${accountId}`).digest('hex'),
  acrValues: ['aal3', 'aal2', 'crl'],
  scopes: ['openid', 'name', 'address', 'birthdate'],
  claims: {
    openid: ['sub'], name: ['name'], address: ['address'], birthdate: ['birthdate'], acr: null,
  },
  claimsParameter: { enabled: false },
  pkce: { required: () => true },
  responseTypes: ['code'],
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
  cookies: { keys: ['only-a-test'] },
  ttl: { AuthorizationCode: 600, IdToken: 600, AccessToken: 600, Grant: 600, Interaction: 600, Session: 600 },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  interactions: { url: (ctx, interaction) => `/card/${interaction.uid}` },
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid name address birthdate');
    await grant.save();
    return grant;
  },
});
provider.proxy = true;

// The page on which somebody holds a card to the phone.
function cardPage() {
  const buttons = Object.entries(people).map(([id, claims]) =>
    `<p><button name="person" value="${id}">${claims.name}</button></p>`).join('');
  return `<!doctype html><html lang="ja"><meta charset="utf-8"><title>カード</title>
    <meta name="viewport" content="width=device-width"><h1>カードを選ぶ</h1>
    <form method="post">${buttons}<p><button name="person" value="">やめる</button></p></form></html>`;
}

async function body(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

const handle = provider.callback();
const inner = http.createServer(async (req, res) => {
  if (!req.url.startsWith('/card/')) return handle(req, res);
  if (req.method === 'GET') {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    return res.end(cardPage());
  }
  const person = new URLSearchParams((await body(req)).toString()).get('person');
  const acr = how === 'low_acr' ? 'aal2' : 'aal3';
  const result = person
    ? { login: { accountId: person, acr, remember: false } }
    : { error: 'access_denied', error_description: 'stopped' };
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
});
inner.listen(0, '127.0.0.1');
await new Promise((done) => inner.once('listening', done));

// How the proxy misbehaves, and what it saw.
let how = '';
let seen = [];

const claimsOf = {
  wrong_nonce: (claims) => ({ ...claims, nonce: 'another' }),
  no_nonce: ({ nonce, ...claims }) => claims,
  wrong_issuer: (claims) => ({ ...claims, iss: 'http://elsewhere.example' }),
  wrong_audience: (claims) => ({ ...claims, aud: 'another-client' }),
  more_audiences: (claims) => ({ ...claims, aud: [claims.aud, 'another'], azp: claims.aud }),
  wrong_azp: (claims) => ({ ...claims, azp: 'another-client' }),
  expired: (claims) => ({ ...claims, iat: claims.iat - 900, exp: claims.iat - 300 }),
  stale: (claims) => ({ ...claims, iat: claims.iat - 3600 }),
  from_the_future: (claims) => ({ ...claims, iat: claims.iat + 600, exp: claims.exp + 600 }),
  not_before: (claims) => ({ ...claims, nbf: claims.iat + 600 }),
  wrong_at_hash: (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  no_acr: ({ acr, ...claims }) => claims,
  other_person: (claims) => ({ ...claims, sub: 'somebody-else' }),
  within_leeway: (claims) => ({ ...claims, iat: claims.iat + 10, exp: claims.iat + 60 }),
};
const keyFor = { strange_key: strange, rs256: rsa, new_key: later, unknown_key: { ...later, kid: 'nowhere' } };

async function resigned(idToken) {
  const claims = (claimsOf[how] ?? ((same) => same))(decodeJwt(idToken));
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  if (how === 'alg_none') return `${part({ alg: 'none' })}.${part(claims)}.`;
  if (how === 'hs256') return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'hs' }).sign(secret);
  if (how === 'hs256_public_key') {
    // The old trick: the public key's text as the secret of an HMAC.
    const pem = crypto.KeyObject.from(own.publicKey).export({ type: 'spki', format: 'pem' });
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'own' }).sign(Buffer.from(pem));
  }
  const key = keyFor[how] ?? own;
  return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid }).sign(key.privateKey);
}

async function changed(path, text) {
  const json = JSON.parse(text);
  if (path === '/token' && json.id_token) {
    if (how === 'no_id_token') delete json.id_token;
    else if (how) json.id_token = await resigned(json.id_token);
  }
  if (path === '/me') {
    if (how === 'other_sub') json.sub = 'somebody-else';
    if (how === 'no_birthdate') delete json.birthdate;
  }
  if (path === '/jwks') {
    if (how === 'hs256') json.keys.push({ kty: 'oct', kid: 'hs', use: 'sig', alg: 'HS256', k: (await exportJWK(secret)).k });
    if (how === 'rs256') { const { kty, n, e } = rsa.jwk; json.keys.push({ kty, n, e, kid: 'rsa', use: 'sig', alg: 'RS256' }); }
    if (how === 'new_key') { const { kty, crv, x, y } = later.jwk; json.keys = [{ kty, crv, x, y, kid: 'later', use: 'sig', alg: 'ES256' }]; }
  }
  return JSON.stringify(json);
}

const PATHS = ['/token', '/me', '/jwks'];
const proxy = http.createServer(async (req, res) => {
  const path = req.url.split('?')[0];
  if (path === '/misbehave') {
    ({ how } = JSON.parse((await body(req)).toString()));
    seen = [];
    return res.end('{}');
  }
  if (path === '/seen') return res.end(JSON.stringify(seen));
  if (PATHS.includes(path)) {
    if (how === 'down') return req.socket.destroy();
    if (how === 'slow') return setTimeout(() => res.end('{}'), 60_000).unref();
    if (how === 'out_of_order') { res.statusCode = 503; return res.end('<h1>503</h1>'); }
    if (how === 'no_json') return res.end('<h1>Maintenance</h1>');
  }
  let sent = await body(req);
  if (path === '/token') {
    const form = new URLSearchParams(sent.toString());
    seen.push({ ...Object.fromEntries(form), headers: req.headers });
    if (how === 'drop_verifier') { form.delete('code_verifier'); sent = Buffer.from(form.toString()); }
  }
  if (path === '/auth') seen.push(Object.fromEntries(new URL(req.url, issuer).searchParams));
  const headers = {
    ...req.headers, 'content-length': sent.length, 'accept-encoding': 'identity',
    'x-forwarded-proto': 'http', 'x-forwarded-host': req.headers.host,
  };
  // Whoever comes anew holds the card anew: nobody is remembered.
  if (path === '/auth') delete headers.cookie;
  if (!sent.length) delete headers['content-length'];
  const onward = http.request(
    { host: '127.0.0.1', port: inner.address().port, path: req.url, method: req.method, headers },
    async (answer) => {
      let text = await body(answer);
      if (PATHS.includes(path) && answer.statusCode === 200) text = Buffer.from(await changed(path, text.toString()));
      if (path === '/token') seen.push(JSON.parse(text.toString()));
      res.writeHead(answer.statusCode, { ...answer.headers, 'content-length': text.length });
      res.end(text);
    },
  );
  onward.on('error', () => res.destroy());
  onward.end(sent);
});
proxy.listen(port, '127.0.0.1', () => console.log(JSON.stringify({ issuer })));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0)); // who started us is gone
