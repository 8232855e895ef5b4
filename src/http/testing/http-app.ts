import { randomUUID } from 'node:crypto';
import { Global, Module, type ModuleMetadata } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { type Connection } from 'mongoose';
import { EventStoreModule } from '../../event-store';
import { FleetClock, MachineClock, ManualClock } from '../../kernel/clocks';
import { IdSource, SequentialIds } from '../../kernel/ids';
import { Authenticator } from '../authenticator';
import { configureHttp } from '../configure-http';
import { type HealthProbe } from '../health-probe';
import { HttpModule } from '../http.module';
import { type Role, ROLES } from '../../kernel/principal';
import { nestLogger, rootLogger } from '../root-logger';
import { WorkerGate } from '../worker-gate';
import { FakeWorkerGate } from './fake-worker-gate';

export interface HttpAppOptions extends ModuleMetadata {
  readonly clock?: ManualClock;
  readonly rateLimitPerMinute?: number;
  readonly trustedProxies?: readonly string[];
  readonly addressRateLimitPerMinute?: number;
  readonly corsOrigins?: readonly string[];
  readonly probes?: readonly HealthProbe[];
  /** what knows the workers; none: there are none */
  readonly workerGate?: WorkerGate;
  /** false: an imported module binds the Authenticator */
  readonly roleKeys?: boolean;
  /** where the event store is; none is in memory */
  readonly database?: Connection;
}

/**
 * The token that a test application takes for a caller of the role; its key id is `key-of-<role>`. With `-1`, `-2` …
 * after it, it is another key's.
 */
export const keyOf = (role: Role): string => `${role}-token`;

/** Knows the tokens of `keyOf`, until they are revoked. After `@<worker id>` a token is good for that worker only, with `/<lab id>`
 * for that lab of it. */
export class RoleKeys extends Authenticator {
  private readonly revoked = new Set<string>();
  private readonly listeners = new Set<() => void>();

  revoke(role: Role, { quietly = false } = {}): void {
    this.revoked.add(`api-key:key-of-${role}`);
    if (!quietly) for (const listener of this.listeners) listener();
  }

  isStillValid({ actor }: { actor: string }): boolean {
    return !this.revoked.has(actor);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  authenticate(bearer: string) {
    const role = ROLES.find((candidate) => bearer.startsWith(keyOf(candidate)));
    const [, other, workerId, labId] = /^\w+-token(|-\d+)(?:@([\w-]+)(?:\/([\w-]+))?)?$/.exec(bearer) ?? [];
    if (!role || other === undefined) return Promise.resolve(null);
    const actor = `api-key:key-of-${role}${other}`;
    const labs = labId === undefined ? {} : { labIds: [labId] };
    const grants = [{ role, scope: workerId === undefined ? null : { workerIds: [workerId], ...labs } }];
    return Promise.resolve(this.revoked.has(actor) ? null : { actor, name: role, grants, expiresAt: null });
  }
}

type LogLine = Readonly<Record<string, unknown>>;

/** An application with the HTTP side that production has, listening on a free port of the loopback interface. */
export interface HttpApp {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly clock: ManualClock;
  /** what was logged so far, parsed; clear it with `length = 0` */
  readonly log: LogLine[];
  readonly call: (method: string, path: string, request?: CallOptions) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export interface CallOptions {
  /** the caller's role; none sends no key */
  readonly as?: Role;
  readonly headers?: Readonly<Record<string, string>>;
  /** sent as JSON; a string is sent as it is */
  readonly body?: unknown;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** parsed if it is JSON */
  readonly body: unknown;
}

export async function startHttpApp(options: HttpAppOptions): Promise<HttpApp> {
  const { clock = new ManualClock(new Date('2027-01-01T12:00:00Z')), rateLimitPerMinute = 10_000 } = options;
  const {
    trustedProxies = [],
    addressRateLimitPerMinute = 10_000,
    corsOrigins = [],
    probes = [],
    workerGate = new FakeWorkerGate(),
    roleKeys = true,
    database,
    imports = [],
    controllers = [],
    providers = [],
  } = options;
  const log: LogLine[] = [];
  const write = (line: string) => void log.push(JSON.parse(line) as LogLine);
  const logger = rootLogger({ level: 'debug', destination: { write } });

  const world = [
    { provide: FleetClock, useValue: clock },
    { provide: MachineClock, useValue: clock },
    { provide: IdSource, useClass: SequentialIds },
    { provide: WorkerGate, useValue: workerGate },
    ...(database ? [{ provide: getConnectionToken(), useValue: database }] : []),
    ...(roleKeys ? [{ provide: Authenticator, useClass: RoleKeys }] : []),
  ];
  @Global()
  @Module({ providers: world, exports: world.map(({ provide }) => provide) })
  class World {}

  const keyRing = [{ kid: 'test', key: Buffer.alloc(32, 7) }];
  const persistence = database ? 'mongo' : 'memory';
  const store = EventStoreModule.forRoot({ persistence, keyRing, owner: randomUUID() });
  const http = HttpModule.forRoot({
    logger,
    rateLimitPerMinute,
    keyRing,
    probes: { useFactory: () => probes },
  });
  const compiled = await Test.createTestingModule({
    imports: [World, store, http, ...imports],
    controllers,
    providers,
  }).compile();
  const app = compiled.createNestApplication<NestExpressApplication>({
    bodyParser: false,
    logger: nestLogger(logger),
  });
  configureHttp(app, {
    ...{ logger, version: '0.0.0', trustedProxies, addressRateLimitPerMinute, corsOrigins },
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return { app, url, clock, log, call: (...args) => call(url, ...args), close: () => app.close() };
}

async function call(url: string, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { as, headers = {}, body } = options;
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(as && { Authorization: `Bearer ${keyOf(as)}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}
