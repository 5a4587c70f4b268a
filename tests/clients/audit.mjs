// Runs graphql-http's audits of a GraphQL-over-HTTP server and prints each result
// as a JSON line {id, name, status, reason}; fails when the server breaks a MUST.
//
//   URL     http://host:port/path
//   TOKEN   access token; optional
import { serverAudits } from 'graphql-http';
import { authorization, fail, required } from './environment.mjs';

const url = required('URL');
const audits = serverAudits({
  url,
  fetchFn: (input, options = {}) => fetch(input, {
    ...options,
    headers: { ...Object.fromEntries(new Headers(options.headers)), ...authorization() },
    signal: AbortSignal.timeout(30_000),
  }),
});

try {
  const broken = [];
  for (const audit of audits) {
    const { id, name, status, reason } = await audit.fn();
    process.stdout.write(`${JSON.stringify({ id, name, status, reason })}\n`);
    // An audit is an error, a warning or a notice by its MUST, SHOULD or MAY.
    if (status === 'error') broken.push(`${id} ${name}: ${reason}`);
  }
  if (broken.length > 0) fail(`${broken.length} of ${audits.length} audits failed:\n${broken.join('\n')}`);
} catch (error) {
  fail(error);
}
