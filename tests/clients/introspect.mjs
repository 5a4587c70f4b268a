// Compares what a server tells of itself with a schema file, through the client
// schema that the graphql package builds of both.
//
//   URL     http://host:port/path
//   TOKEN   access token; optional
//   SCHEMA  path of the .graphql file
import { readFileSync } from 'node:fs';
import {
  GraphQLSchema, buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema,
} from 'graphql';
import { authorization, fail, required } from './environment.mjs';

const CONTEXT = 3;

try {
  // Introspection knows no applied directives, and printSchema prints none but
  // those that introspection does know (deprecated, specifiedBy, oneOf).
  const expected = printed(buildSchema(readFileSync(required('SCHEMA'), 'utf8')));
  const actual = printed(buildClientSchema(await introspection(required('URL'))));
  if (expected !== actual) {
    process.stdout.write(`--- ${process.env.SCHEMA}\n+++ ${process.env.URL}\n`);
    process.stdout.write(`${difference(expected.split('\n'), actual.split('\n'))}\n`);
    fail('introspection and the schema file differ');
  }
} catch (error) {
  fail(error);
}

async function introspection(url) {
  const query = getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    inputValueDeprecation: true,
    oneOf: true,
  });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...authorization() },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(30_000),
  });
  const body = await response.text();
  if (!response.ok) fail(`introspection was answered ${response.status}: ${body}`);
  const { data, errors } = JSON.parse(body);
  if (errors) fail(`introspection failed: ${JSON.stringify(errors)}`);
  return data;
}

/**
 * async-graphql answers the same description for every schema, and does not tell which interfaces an interface
 * implements, so both are left out.
 */
function printed(schema) {
  const undescribed = new GraphQLSchema({ ...schema.toConfig(), description: undefined });
  return printSchema(lexicographicSortSchema(undescribed)).replace(/^(interface \w+) implements .* \{$/gm, '$1 {');
}

/** The lines of two texts that differ, with some context, by their longest common subsequence. */
function difference(expected, actual) {
  const common = Array.from({ length: expected.length + 1 }, () => new Uint32Array(actual.length + 1));
  for (let left = expected.length - 1; left >= 0; left -= 1) {
    for (let right = actual.length - 1; right >= 0; right -= 1) {
      common[left][right] = expected[left] === actual[right]
        ? common[left + 1][right + 1] + 1
        : Math.max(common[left + 1][right], common[left][right + 1]);
    }
  }
  const lines = [];
  let left = 0;
  let right = 0;
  while (left < expected.length || right < actual.length) {
    if (left < expected.length && right < actual.length && expected[left] === actual[right]) {
      lines.push(`  ${expected[left]}`);
      left += 1;
      right += 1;
    } else if (right === actual.length || (left < expected.length && common[left + 1][right] >= common[left][right + 1])) {
      lines.push(`- ${expected[left]}`);
      left += 1;
    } else {
      lines.push(`+ ${actual[right]}`);
      right += 1;
    }
  }
  return withContext(lines);
}

function withContext(lines) {
  const shown = new Set();
  lines.forEach((line, index) => {
    if (line.startsWith(' ')) return;
    for (let near = index - CONTEXT; near <= index + CONTEXT; near += 1) shown.add(near);
  });
  return lines
    .map((line, index) => (shown.has(index) ? line : shown.has(index - 1) ? '...' : null))
    .filter((line) => line !== null)
    .join('\n');
}
