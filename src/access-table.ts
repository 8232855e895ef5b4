import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { readSettings } from './config/read-settings';
import { includesRole, openApiDocument, ROLES, rootLogger } from './http';
import { version } from './version';

const FILE = join(__dirname, '..', 'docs', 'access-table.md');

const HEAD = `# Who may do what

Written by \`npm run access-table\` from what the routes in the code declare; not edited by hand. A test holds each cell, for callers with
all of the fleet and with scopes of regions, tags and single workers, against the running application. Without a valid key or token each route
answers 401, but for the open ones; so are \`/docs\`, \`/problems/{code}\`, and the signed links of notices.

| a cell | says that callers with the role … |
| --- | --- |
| — | are refused: 403 \`forbidden\` |
| fleet | pass if they have it over the whole fleet; others are refused: 403 \`scope-too-small\` |
| worker | pass if the worker in the path is within their reach; else it is not there: 404, as of one that does not exist |
| part | pass, and see, touch and make what is within their reach only; an operation out of it is not there: 404 |
| open | pass, and everybody else |

A caller is a \`user\` where something is assigned to him, be it one lab of a worker: he may keep that worker alive and start it. A viewer who has nothing
assigned to him only looks.
`;

interface Declared {
  readonly 'x-required-role'?: (typeof ROLES)[number];
  readonly 'x-or-user'?: boolean;
  readonly 'x-scope'?: 'worker' | 'scoped';
}

const WORDS = { worker: 'worker', scoped: 'part', fleet: 'fleet' };

/** Writes docs/access-table.md; with `--check` only compares it. Nothing is started. */
async function main(): Promise<void> {
  const settings = readSettings({ FLEET_PERSISTENCE: 'memory' });
  const logger = rootLogger({ level: 'silent' });
  const app = await NestFactory.create(AppModule.forRoot(settings, { logger }), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  const { paths } = openApiDocument(app, version);
  const rows = Object.entries(paths)
    .flatMap(([path, item]) =>
      Object.entries(item as Record<string, Declared>).map(([method, declared]) =>
        row(method, path, declared),
      ),
    )
    .map((cells) => `| ${cells.join(' | ')} |`);
  const head = `| route | ${ROLES.join(' | ')} |\n| --- |${' --- |'.repeat(ROLES.length)}`;
  const text = `${HEAD}\n${head}\n${rows.join('\n')}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(FILE, text);
  } else if (readFileSync(FILE, 'utf8') !== text) {
    throw new Error(
      'docs/access-table.md is not what the code says: run "npm run access-table" and commit it',
    );
  }
}

function row(method: string, path: string, declared: Declared): string[] {
  const { 'x-required-role': needed, 'x-scope': scope = 'fleet' } = declared;
  const cells = ROLES.map((role) => {
    if (needed === undefined) return 'open';
    const passes = includesRole(role, needed) || (role === 'user' && declared['x-or-user']);
    return passes ? WORDS[scope] : '—';
  });
  return [`${method.toUpperCase()} \`${path}\``, ...cells];
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
