// Holds collections against the JSON Schema of their format, which is in parts that
// refer to one another, and prints for each pair whether the export is valid where
// the original is: {name, original, exported, errors}.
//
//   PAIRS    file of JSON: [{name, version, original, exportedVersion, exported}]
//   SCHEMA   folder with one folder for each version: v2.1.0/collection.json and its
//            parts in v2.1.0/collection/
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { fail, readJson, required } from './environment.mjs';

/** A part of the schema: some have comments in lines of their own. */
const readPart = (file) => JSON.parse(readFileSync(file, 'utf8').replace(/^\s*\/\/.*$/gm, ''));

/** One schema of all parts: a part that is called "#/definitions/x" is put there. */
function validator(folder) {
  const whole = readPart(join(folder, 'collection.json'));
  const parts = readdirSync(join(folder, 'collection')).map((file) => readPart(join(folder, 'collection', file)));
  const definitions = Object.fromEntries(parts.map(({ $id, $schema, ...part }) => [$id.replace('#/definitions/', ''), part]));
  return new Ajv({ strict: false, validateFormats: false, allErrors: false }).compile({ ...whole, definitions });
}

try {
  const validators = {};
  const check = (version, file) => {
    validators[version] ??= validator(join(required('SCHEMA'), version));
    return validators[version](readJson(file)) ? [] : validators[version].errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
  for (const { name, version, original, exportedVersion, exported } of readJson(required('PAIRS'))) {
    const before = check(version, original).length === 0;
    const errors = check(exportedVersion, exported);
    process.stdout.write(`${JSON.stringify({ name, original: before, exported: errors.length === 0, errors })}\n`);
  }
} catch (error) {
  fail(error);
}
