// Subscribes with the graphql-ws client and prints each result as a JSON line.
//
//   URL                      ws://host:port/path
//   TOKEN                    access token of the connection_init payload; optional
//   QUERY, VARIABLES         the operation; VARIABLES is JSON and optional
//   COUNT                    ends after so many results; without it, on completion
//   RESUME_FROM_CURSOR_PATH  where a result holds its cursor ("notifications.cursor"):
//                            a dropped connection is made again, and the operation
//                            sent again with the last cursor as the variable `after`
//   EXPECT_RECONNECT         1: ending without having reconnected is a failure
//
// Standard error tells of each connection ("connected", "reconnected"). The script
// ends with its standard input, so that it never outlives the test.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { authorization, fail, required } from './environment.mjs';

const count = Number(process.env.COUNT ?? Infinity);
const cursorPath = process.env.RESUME_FROM_CURSOR_PATH;
const expectReconnect = process.env.EXPECT_RECONNECT === '1';
const operation = {
  query: required('QUERY'),
  variables: JSON.parse(process.env.VARIABLES || '{}'),
};
let received = 0;
let reconnected = false;

process.stdin.resume().on('end', () => fail('the test went away'));

const client = createClient({
  url: required('URL'),
  webSocketImpl: WebSocket,
  connectionParams: authorization(),
  retryAttempts: cursorPath ? 100 : 0,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
  shouldRetry: () => true,
  on: {
    connected(_socket, _payload, wasRetry) {
      // The library also retries after a close with 1000, whatever its settings.
      if (wasRetry && !cursorPath) fail('the connection was closed with 1000 in the middle of the operation');
      reconnected ||= wasRetry;
      process.stderr.write(wasRetry ? 'reconnected\n' : 'connected\n');
    },
  },
});

client.subscribe(operation, {
  next(result) {
    // What the server had sent before it heard of our end still arrives.
    if (received === count) return;
    received += 1;
    print(result);
    rememberCursor(result);
    if (received === count) end();
  },
  error: fail,
  complete() {
    if (received === count) return;
    print({ completed: true });
    end();
  },
});

/** The client sends the operation as it is at that moment, each time it connects. */
function rememberCursor(result) {
  if (!cursorPath) return;
  const cursor = cursorPath.split('.').reduce((value, key) => value?.[key], result.data);
  if (cursor != null) operation.variables.after = cursor;
}

async function end() {
  if (expectReconnect && !reconnected) fail('the connection was never made again');
  await client.dispose();
  process.exit(0);
}

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
