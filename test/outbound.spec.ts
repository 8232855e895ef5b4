import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '..');

/** Modules by which a connection can be opened. */
const WAYS = [
  /^(node:)?(http|https|http2|net|tls|dgram|dns|dns\/promises)$/,
  /^(undici|nodemailer|axios|got|ws|node-fetch|mongodb|mongoose)(\/|$)/,
  /^@aws-sdk\/|^@smithy\/node-http-handler$/,
  /^@opentelemetry\/exporter-/,
];
/** Names of these modules by which none can be. */
const HARMLESS: readonly string[] = ['isIP', 'isIPv4', 'isIPv6', 'STATUS_CODES'];
/** What opens a connection without an import, or out of a module that is used for other things, too. */
const NAMES: readonly string[] = [
  'fetch',
  'WebSocket',
  'EventSource',
  'XMLHttpRequest',
  'createRemoteJWKSet',
];

/**
 * Every file that can open a connection, and why it may. Where the address comes from people or from an outside answer, it
 * goes by src/outbound: add nothing here that takes an address from them by another way.
 */
const MAY: Readonly<Record<string, string>> = {
  'src/outbound/checked-lookup.ts': 'the guard: names are resolved here',
  'src/outbound/guarded-connector.ts': 'the guard: connections of undici',
  'src/webhooks/outbound/undici-poster.ts': 'webhooks, and notices by HTTP: by the guard',
  'src/adapters/cml/cml-connector.ts':
    'CML servers, whose address EC2 tells: by the guard; or a proxy of the settings',
  'src/adapters/cml/cml-pool.ts': 'CML servers, over connections of cml-connector only',
  'src/access/oidc/documents.ts': 'the identity provider of the settings, and what it names: by the guard',
  'src/tracing/otel-tracer.ts': 'a collector of the settings',
  'src/metrics/metrics-server.ts': 'listens only',
  'src/admin-cli/fleet-api.ts': "a person's own client, which asks the server that the person names",
  'src/notifications/channels/email-channel.ts': 'a mail server of the settings',
};
/** Folders of which the same is true. */
const MAY_WITHIN: Readonly<Record<string, string>> = {
  'src/adapters/aws/': 'AWS, whose endpoints the SDK knows, or is told by its environment',
  'src/demo': 'the demonstration asks its own process',
  'src/simulator/': 'is not delivered to run beside it: the simulated outside',
};
/** The driver of the database: all others are handed a connection, or name its types. */
const DATABASE = /^mongoose$/;
const DATABASE_MAY: readonly string[] = ['src/cli/with-database.ts', 'src/database.module.ts'];

/** Every way out in a source text: modules that are imported for more than types, and names that need no import. */
function waysOutOf(text: string): string[] {
  const found: string[] = [];
  const isWay = (name: string) => WAYS.some((way) => way.test(name));
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const from = node.moduleSpecifier;
      if (from && ts.isStringLiteral(from) && isWay(from.text) && isUsedAtRun(node)) found.push(from.text);
      return;
    }
    if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      const loads =
        node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require';
      if (loads && first && (!ts.isStringLiteralLike(first) || isWay(first.text)))
        found.push(first.getText());
    }
    if (ts.isIdentifier(node) && NAMES.includes(node.text) && !isMember(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('some.ts', text, ts.ScriptTarget.Latest, true));
  return found;
}

function isUsedAtRun(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return !node.isTypeOnly;
  const { importClause } = node;
  if (!importClause) return true;
  if (importClause.isTypeOnly) return false;
  const bindings = importClause.namedBindings;
  if (importClause.name || !bindings || ts.isNamespaceImport(bindings)) return true;
  return bindings.elements.some(
    ({ isTypeOnly, name, propertyName }) => !isTypeOnly && !HARMLESS.includes((propertyName ?? name).text),
  );
}

/** `x.fetch` of something else than the global object, or a member that is called so. */
function isMember(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return !['globalThis', 'global'].includes(parent.expression.getText());
  }
  return ts.isMethodDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent);
}

const delivered = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.(spec|contract)\.ts$/.test(entry.name))
  .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
  .filter((path) => !path.includes('/testing/'));

it('nobody opens connections but who is named here', () => {
  const others = delivered.flatMap((path) => {
    if (path in MAY || Object.keys(MAY_WITHIN).some((folder) => path.startsWith(folder))) return [];
    const ways = waysOutOf(readFileSync(join(ROOT, path), 'utf8'));
    return ways.filter((way) => !DATABASE.test(way)).map((way) => `${path}: ${way}`);
  });
  expect(others).toEqual([]);
});

it('nobody is named here who opens none', () => {
  const isUsed = (path: string) => waysOutOf(readFileSync(join(ROOT, path), 'utf8')).length > 0;
  expect(Object.keys(MAY).filter((path) => !delivered.includes(path) || !isUsed(path))).toEqual([]);
  for (const folder of Object.keys(MAY_WITHIN)) {
    expect([folder, delivered.some((path) => path.startsWith(folder) && isUsed(path))]).toEqual([
      folder,
      true,
    ]);
  }
});

it('the database is connected to in two places', () => {
  const connecting = /\bcreateConnection\(|\bmongoose\.connect\(|MongooseModule\.forRoot|\.connect\(\)/;
  const from = delivered.filter((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return /from '(mongoose|@nestjs\/mongoose)'/.test(text) && connecting.test(text);
  });
  expect(from.sort()).toEqual(DATABASE_MAY);
});

it.each([
  ["import { request } from 'node:http';", ['node:http']],
  ["import http from 'http';", ['http']],
  ["import * as undici from 'undici';", ['undici']],
  ["import 'axios';", ['axios']],
  ["export { request } from 'node:https';", ['node:https']],
  ["const { get } = require('https');", ["'https'"]],
  ["const got = await import('got');", ["'got'"]],
  ['const any = await import(name);', ['name']],
  ["void fetch('https://example.com');", ['fetch']],
  ["void globalThis.fetch('https://example.com');", ['fetch']],
  ["import { createRemoteJWKSet } from 'jose';", []],
  ["createRemoteJWKSet(new URL(''));", ['createRemoteJWKSet']],
  ["import { type Socket, isIP } from 'node:net';", []],
  ["import type { Dispatcher } from 'undici';", []],
  ['this.feed.fetch(); const it = { fetch: 1 };', []],
])('the search sees in %s: %j', (text, ways) => {
  expect(waysOutOf(text)).toEqual(ways);
});
