// What the scripts here share: reading their environment, and failing with a
// message that a test can show.

import { readFileSync } from 'node:fs';

/** Ends the script as failed; `reason` is all that the test will see of it. */
export function fail(reason) {
  process.stderr.write(`${describe(reason)}\n`);
  process.exit(1);
}

/** The environment variable that the script cannot do without. */
export function required(name) {
  return process.env[name] ?? fail(`the environment variable ${name} is missing`);
}

/** The JSON in a file, in whichever encoding its byte-order mark says. */
export function readJson(file) {
  const bytes = readFileSync(file);
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return JSON.parse(new TextDecoder(encoding).decode(bytes));
}

/** The header or connection parameter of the caller; nobody without a TOKEN. */
export function authorization() {
  const token = process.env.TOKEN;
  return token ? { Authorization: `Bearer ${token}` } : {};
}

function describe(reason) {
  if (typeof reason === 'string') return reason;
  // A close event and an ErrorEvent of `ws` have their fields on the prototype,
  // so that JSON would print `{}`.
  if (typeof reason?.code === 'number') return `closed with ${reason.code} ${reason.reason}`;
  if (reason instanceof Error) return reason.cause ? `${reason.stack}\n${describe(reason.cause)}` : reason.stack;
  return reason?.message && !Array.isArray(reason) ? reason.message : JSON.stringify(reason);
}
