// A server that answers with what it was sent, on this machine only, and agents
// that reach it whatever host is asked for: no request leaves the machine.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import zlib from 'node:zlib';

/** The longest that an answer is held back, in milliseconds. */
const LONGEST_DELAY = 200;

const cookies = (request) => Object.fromEntries(
  (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=')).filter(([name]) => name),
);

const guarded = (scheme, challenge) => (request) => ((request.headers.authorization ?? '').startsWith(scheme)
  ? { body: { authenticated: true } }
  : { status: 401, headers: { 'www-authenticate': challenge }, body: 'Unauthorized' });

/** What is answered at a path, by the first of its steps. */
const answers = {
  status: (_, [code]) => ({ status: Number(code) >= 200 && Number(code) < 600 ? Number(code) : 400, body: { status: Number(code) } }),
  delay: async (_, [seconds]) => {
    await new Promise((resolve) => { setTimeout(resolve, Math.min(Number(seconds) * 1_000 || 0, LONGEST_DELAY)); });
    return { body: { delay: seconds } };
  },
  'basic-auth': guarded('Basic ', 'Basic realm="echo"'),
  'digest-auth': guarded('Digest ', 'Digest realm="echo", nonce="0123456789abcdef", algorithm=MD5, qop="auth"'),
  auth: (request) => ({ body: { status: request.headers.authorization ? 'pass' : 'fail', message: request.headers.authorization ? 'Hawk Authentication Successful' : 'None' } }),
  oauth1: () => ({ body: { status: 'pass', message: 'OAuth-1.0a signature verification was successful' } }),
  cookies: (request, [action], url) => {
    if (action !== 'set' && action !== 'delete') return { body: { cookies: cookies(request) } };
    const end = action === 'delete' ? '; Max-Age=0' : '';
    const set = [...url.searchParams].map(([name, value]) => `${name}=${value}; Path=/${end}`);
    return { status: 302, headers: { location: '/cookies', 'set-cookie': set }, body: '' };
  },
  gzip: (_, __, ___, echoed) => ({ encoding: 'gzip', body: { ...echoed, gzipped: true } }),
  deflate: (_, __, ___, echoed) => ({ encoding: 'deflate', body: { ...echoed, deflated: true } }),
  redirect: (_, [count]) => ({ status: 302, headers: { location: Number(count) > 1 ? `/redirect/${Number(count) - 1}` : '/get' }, body: '' }),
  'redirect-to': (_, __, url) => ({ status: Number(url.searchParams.get('status_code')) || 302, headers: { location: url.searchParams.get('url') ?? '/get' }, body: '' }),
  'response-headers': (_, __, url) => ({ headers: Object.fromEntries(url.searchParams), body: Object.fromEntries(url.searchParams) }),
  encoding: () => ({ headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<p>∮ E⋅da = Q, n → ∞, ∑ f(i) = ∏ g(i)</p>' }),
};

async function answer(request, body) {
  const url = new URL(request.url, 'http://echo');
  const type = request.headers['content-type'] ?? '';
  const echoed = {
    method: request.method,
    args: Object.fromEntries(url.searchParams),
    headers: request.headers,
    data: type.includes('json') ? parsed(body) : body,
    json: parsed(body),
    form: type.includes('urlencoded') ? Object.fromEntries(new URLSearchParams(body)) : {},
    files: {},
    url: `https://${request.headers.host}${request.url}`,
  };
  const [first, ...rest] = url.pathname.split('/').filter(Boolean);
  const known = answers[first];
  return known ? known(request, rest, url, echoed) : { body: echoed };
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Starts the server; answers its port. */
export async function echo() {
  const server = http.createServer({ insecureHTTPParser: true }, (request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const { status = 200, headers = {}, encoding, body } = await answer(request, Buffer.concat(chunks).toString());
      const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const packed = { gzip: zlib.gzipSync, deflate: zlib.deflateSync }[encoding]?.(text) ?? text;
      const kind = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
      const packing = encoding ? { 'content-encoding': encoding } : {};
      try {
        response.writeHead(status, { 'content-type': kind, 'content-length': packed.length, ...packing, ...headers });
      } catch {
        response.writeHead(400);
      }
      response.end(request.method === 'HEAD' ? undefined : packed);
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { port: server.address().port, close: () => { server.closeAllConnections(); server.close(); } };
}

/** Agents for both schemes that know no other address than the server's. TLS is left out, since it is not what is tried. */
export function agents(port) {
  const agent = (Agent) => {
    const made = new Agent({ keepAlive: false });
    made.createConnection = () => net.connect(port, '127.0.0.1');
    return made;
  };
  return { http: agent(http.Agent), https: agent(https.Agent) };
}
