// What ajv says of the documents that cases.json describes, and the documents themselves.
//
//   node ajv.cjs DIRECTORY
//
// writes DIRECTORY/documents.json, a list of [SCHEMA, DOCUMENT], and for each document one line
// to expected.txt and to ajv.txt: "valid" or "invalid", and what it is. unmet.txt names each
// constraint of the schemas that no document breaks.
'use strict';
const fs = require('fs');
const path = require('path');
const Ajv = require('ajv');

const top = path.join(__dirname, '..', '..');
const out = process.argv[2];
const names = ['tenon', 'tenon-include', 'connections'];
const schemas = Object.fromEntries(
  names.map((name) => [name, JSON.parse(fs.readFileSync(path.join(top, 'schemas', `${name}.json`), 'utf8'))]));

function numbered(value, n) {
  const of = (i) => (typeof value === 'string' ? value.replace('#', String(i)) : value);
  return Array.from({ length: n }, (_, i) => of(i));
}

function expand(value) {
  if (Array.isArray(value)) return value.map(expand);
  if (value === null || typeof value !== 'object') return value;
  if (value.$times) return value.$times[0].repeat(value.$times[1]);
  if (value.$list) return numbered(...value.$list);
  if (value.$map) {
    const [text, n, member] = value.$map;
    return Object.fromEntries(numbered(expand(text), n).map((key) => [key, expand(member)]));
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, expand(member)]));
}

function put(base, at, value) {
  if (at.length === 0) return expand(value);
  const document = structuredClone(base);
  const holder = at.slice(0, -1).reduce((part, key) => part[key], document);
  const last = at[at.length - 1];
  if (value !== null && typeof value === 'object' && value.$gone) delete holder[last];
  else holder[last] = expand(value);
  return document;
}

function documentsOf(name, { base, places }) {
  const documents = [{ name, valid: true, what: 'the base', document: base }];
  for (const { at, good = [], bad = [] } of places) {
    const add = (valid) => (value) => documents.push({
      name, valid, document: put(base, at, value),
      what: `${at.join('.')} = ${JSON.stringify(value).slice(0, 60)}`,
    });
    good.forEach(add(true));
    bad.forEach(add(false));
  }
  return documents;
}

// Keywords that a document can break.
const constraints = new Set(['type', 'const', 'enum', 'pattern', 'required', 'additionalProperties',
  'propertyNames', 'oneOf', 'anyOf', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems',
  'minProperties', 'maxProperties', 'minimum', 'maximum']);

// Schemas of names have the type "string", which no name can break.
const ofNames = new Set();

function noteNames(part, root) {
  if (part === null || typeof part !== 'object') return;
  if (part.propertyNames) {
    const ref = part.propertyNames.$ref;
    ofNames.add(ref ? root.definitions[ref.replace('#/definitions/', '')] : part.propertyNames);
  }
  Object.values(part).forEach((inner) => noteNames(inner, root));
}

// The broken constraints by the schema that has them: {"pattern", …}.
const broken = new Map();

// The places of constraints that nothing broke.
function unbroken(schema, at) {
  const places = [];
  for (const [key, value] of Object.entries(schema)) {
    const here = `${at}/${key}`;
    if (constraints.has(key) && !(key === 'type' && ofNames.has(schema)) && !(key === 'additionalProperties' && value !== false) &&
        !broken.get(schema)?.has(key)) places.push(here);
    if (key === 'properties' || key === 'definitions')
      Object.entries(value).forEach(([name, part]) => places.push(...unbroken(part, `${here}/${name}`)));
    else if (key === 'oneOf' || key === 'anyOf')
      value.forEach((part, i) => places.push(...unbroken(part, `${here}/${i}`)));
    else if (value !== null && typeof value === 'object' && !Array.isArray(value))
      places.push(...unbroken(value, here));
  }
  return places;
}

names.forEach((name) => noteNames(schemas[name], schemas[name]));
const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true, verbose: true });
for (const name of names) ajv.addSchema(schemas[name], `${name}.json`);

const cases = JSON.parse(fs.readFileSync(path.join(__dirname, 'cases.json'), 'utf8'));
const documents = names.flatMap((name) => documentsOf(name, cases[name]));
const verdicts = documents.map(({ name, document }) => {
  const validate = ajv.getSchema(`${name}.json`);
  const valid = validate(document);
  for (const error of valid ? [] : validate.errors) {
    if (!broken.has(error.parentSchema)) broken.set(error.parentSchema, new Set());
    broken.get(error.parentSchema).add(error.keyword);
  }
  return valid;
});

const unmet = names.flatMap((name) => unbroken(schemas[name], `${name}.json#`));
const word = (valid) => (valid ? 'valid' : 'invalid');
const lines = (of) => documents.map(({ name, what }, i) => `${of(i)} ${name}: ${what}\n`).join('');
fs.writeFileSync(path.join(out, 'documents.json'), JSON.stringify(documents.map(({ name, document }) => [name, document])));
fs.writeFileSync(path.join(out, 'expected.txt'), lines((i) => word(documents[i].valid)));
fs.writeFileSync(path.join(out, 'ajv.txt'), lines((i) => word(verdicts[i])));
fs.writeFileSync(path.join(out, 'unmet.txt'), unmet.map((place) => `${place}\n`).join(''));
