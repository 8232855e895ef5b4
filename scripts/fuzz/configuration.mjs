// What schemathesis needs to know of the fleet: a document whose examples are ids that exist, and its own settings.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGION } from './fleet.mjs';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
/** The stream of events never ends: event-stream.mjs asks it instead. */
export const STREAM = '/api/v1/events/stream';
/** What ends a thing. */
const ENDS = /[{]id[}][/](terminate|cancel|stop)$/;
/** How often a generated request takes what exists. */
const KNOWN = 0.6;

/** Writes both into a folder, and answers where they are. */
export function configure(folder, document, inhabitants) {
  const files = { document: join(folder, 'openapi.json'), settings: join(folder, 'schemathesis.toml') };
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method] })),
  );
  const bound = operations
    .map(({ path, method, operation }) => ({
      path,
      method,
      known: known(path, method, inhabitants, operation),
    }))
    .filter(({ known }) => Object.keys(known).length > 0);
  writeFileSync(files.document, JSON.stringify(document));
  const live = operations.filter(({ operation }) => operation['x-problems']?.includes('cml-unavailable'));
  writeFileSync(files.settings, settings(bound, overlapping(Object.keys(document.paths)), live));
  return files;
}

/** What exists for the parameters of an operation, by `path.<name>`, `query.<name>` or `body.<name>`. */
function known(path, method, { things, labs, cursors }, operation) {
  const [, kind] = /^[/]api[/]v1[/](.+?)[/][{]id[}]/.exec(path) ?? [];
  const ends = (method === 'delete' && path.endsWith('{id}')) || ENDS.test(path);
  const ids = {};
  if (things[kind]) ids['path.id'] = things[kind][ends ? 'doomed' : 'kept'];
  if (path.includes('{labId}')) ids['path.labId'] = labs;
  if (path.includes('{workerId}')) ids['path.workerId'] = things.workers.kept;
  if (path.endsWith('/assignments') && method === 'post') ids['body.workerId'] = things.workers.kept;
  if (path.endsWith('/workers') && method === 'post') ids['body.awsRegion'] = [REGION];
  if (cursors[path] && method === 'get') ids['query.cursor'] = cursors[path];
  for (const parameter of operation.parameters ?? []) {
    const [first] = ids[`path.${parameter.name}`] ?? [];
    if (parameter.in === 'path' && first) parameter.example = first;
  }
  return ids;
}

/**
 * What a check takes for right beyond its own list. What a schema allows may still be refused: for an ETag that is not the
 * thing's (412), because it comes too soon again (429), and for rules that no schema can tell (422): between fields, against
 * the present time and the regions that are set, and of cursors, which only the fleet can make. What it forbids may be too
 * large to be looked at (413, 431), or of a form that is not read (415), or meet a thing that is not in a state for it (409)
 * or has another version (412).
 */
const CHECKS = `# it takes away the one header that is required, Authorization, and then -H puts it back; ignored_auth looks at it
[checks.missing_required_header]
enabled = false

[checks.positive_data_acceptance]
expected-statuses = ["2xx", 401, 403, 404, 409, 412, 422, 429]

[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 409, 412, 413, 415, 422, 431]`;

/** Paths that another one fits as well, `/workers/idle` and `/workers/{id}`: the methods of both are there. */
function overlapping(paths) {
  const segmentsOf = (path) => path.split('/');
  const fits = (template, path) =>
    template !== path &&
    segmentsOf(template).length === segmentsOf(path).length &&
    segmentsOf(template).every((part, at) => part.startsWith('{') || part === segmentsOf(path)[at]);
  return paths.filter((path) => paths.some((template) => fits(template, path)));
}

/**
 * Of operations that ask a CML server at once, whose document says so: it may be starting just then, or have been cut off
 * by another request. fleet.mjs sees to it that no other answer of theirs is 5xx.
 */
const LIVE_CHECKS =
  `checks = { not_a_server_error = { expected-statuses = ["2xx", "4xx", 502, 503] }, ` +
  `positive_data_acceptance = { expected-statuses = ["2xx", 401, 403, 404, 409, 412, 422, 429, 502, 503] } }`;

function settings(operations, overlaps, live) {
  const lines = ['[dictionaries]'];
  const names = new Map();
  const nameOf = (values) => {
    const text = JSON.stringify(values);
    if (!names.has(text)) {
      names.set(text, `known-${names.size + 1}`);
      lines.push(`${names.get(text)} = { values = ${text} }`);
    }
    return names.get(text);
  };
  const bindings = operations.map(({ path, method, known }) => {
    const parameters = Object.entries(known).map(
      ([name, values]) => `"${name}" = { dictionary = "${nameOf(values)}", probability = ${KNOWN} }`,
    );
    return [
      '[[operations]]',
      `include-path = "${path}"`,
      `include-method = "${method.toUpperCase()}"`,
      `parameters = { ${parameters.join(', ')} }`,
    ].join('\n');
  });
  const stream = ['[[operations]]', `include-path = "${STREAM}"`, 'enabled = false'].join('\n');
  const methods = overlaps.map((path) =>
    [
      '[[operations]]',
      `include-path = "${path}"`,
      'checks = { unsupported_method = { enabled = false }, allow_header_conformance = { enabled = false } }',
    ].join('\n'),
  );
  const asking = live.map(({ path, method }) =>
    [
      '[[operations]]',
      `include-path = "${path}"`,
      `include-method = "${method.toUpperCase()}"`,
      LIVE_CHECKS,
    ].join('\n'),
  );
  return `${[lines.join('\n'), CHECKS, stream, ...methods, ...asking, ...bindings].join('\n\n')}\n`;
}
