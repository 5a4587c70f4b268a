// Runs collections in newman, each as it was and as Portico exports it, against a
// server on this machine, and prints for each whether the results are the same:
// {name, requests, assertions, failed, difference}.
//
//   PAIRS   file of JSON: [{name, original, exported, environment, globals}], where
//           environment and globals are null or have an original and an exported
//           file too
import net from 'node:net';
import newman from 'newman';
import { agents, echo } from './echo.mjs';
import { fail, readJson, required } from './environment.mjs';

// Neither what the environment says nor a proxy that a collection names is a way out.
for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function connectHere(...given) {
  const [options] = Array.isArray(given[0]) ? given[0] : given;
  const host = options?.host ?? 'localhost';
  if (['127.0.0.1', '::1', 'localhost'].includes(host)) return connect.apply(this, given);
  process.nextTick(() => this.destroy(new Error(`${host} is not on this machine`)));
  return this;
};

function run(collection, environment, globals, port) {
  const options = {
    collection,
    environment,
    globals,
    requestAgents: agents(port),
    reporters: [],
    timeout: 120_000,
    timeoutRequest: 3_000,
    timeoutScript: 10_000,
  };
  return new Promise((resolve, reject) => {
    newman.run(options, (error, summary) => {
      if (error && !summary) reject(error);
      else resolve(result(error, summary));
    });
  });
}

/** What of a run is the same each time: no times, no random values. */
function result(error, { run: { executions, failures, stats } }) {
  return {
    error: error ? error.name : null,
    executions: executions.map(({ item, request, response, requestError, assertions }) => ({
      item: item.name,
      id: item.id === undefined ? null : typeof item.id,
      method: request?.method,
      status: response?.code ?? null,
      requestError: requestError?.code ?? null,
      assertions: (assertions ?? []).map((assertion) => ({ name: assertion.assertion, skipped: Boolean(assertion.skipped), passed: !assertion.error })),
    })),
    failures: failures.map((failure) => `${failure.error.name} at ${failure.at}`),
    stats: { requests: stats.requests, assertions: stats.assertions, scripts: stats.scripts },
  };
}

function difference(one, other) {
  for (const key of Object.keys(one)) {
    if (JSON.stringify(one[key]) !== JSON.stringify(other[key])) {
      const places = Array.isArray(one[key]) ? one[key].map((_, at) => at).filter((at) => JSON.stringify(one[key][at]) !== JSON.stringify(other[key][at])) : [];
      const at = places[0];
      return at === undefined
        ? `${key}: ${JSON.stringify(one[key]).slice(0, 500)} became ${JSON.stringify(other[key]).slice(0, 500)}`
        : `${key}/${at}: ${JSON.stringify(one[key][at])} became ${JSON.stringify(other[key][at])}`;
    }
  }
  return null;
}

const server = await echo();
try {
  for (const { name, original, exported, environment, globals } of readJson(required('PAIRS'))) {
    const side = (which) => [environment, globals].map((pair) => (pair ? readJson(pair[which]) : undefined));
    const before = await run(readJson(original), ...side('original'), server.port);
    const after = await run(readJson(exported), ...side('exported'), server.port);
    const statuses = before.executions.filter(({ status }) => status !== null).length;
    process.stdout.write(`${JSON.stringify({
      name,
      requests: statuses,
      assertions: before.stats.assertions.total,
      failed: before.stats.assertions.failed,
      error: before.error,
      difference: difference(before, after),
    })}\n`);
  }
} catch (error) {
  fail(error);
} finally {
  server.close();
}
