import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { readSettings } from './config/read-settings';
import { openApiDocument, rootLogger } from './http';
import { version } from './version';

const FILE = join(__dirname, '..', 'docs', 'openapi.json');

/** Writes docs/openapi.json; with `--check` only compares it. Nothing is started: no database, no AWS. */
async function main(): Promise<void> {
  const settings = readSettings({ FLEET_PERSISTENCE: 'memory' });
  const logger = rootLogger({ level: 'silent' });
  const app = await NestFactory.create(AppModule.forRoot(settings, { logger }), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  const text = `${JSON.stringify(openApiDocument(app, version), null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(FILE, text);
  } else if (readFileSync(FILE, 'utf8') !== text) {
    throw new Error('docs/openapi.json is not what the code says: run "npm run openapi" and commit it');
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
