import { CqrsModule } from '@nestjs/cqrs';
import { connect, type SseConnection, type SseRequest } from '../../../test/support/sse-client';
import { type DomainEvent } from '../../kernel/domain-event';
import { EventRegistry, EventStore } from '../../event-store';
import { aRequest, BookMoved, BookPlaced, START } from '../../event-store/testing/books';
import { EMPTY, headAfter } from '../../event-store/commit-chain';
import { type StreamHead } from '../../event-store';
import {
  type HttpApp,
  type HttpAppOptions,
  keyOf,
  type RoleKeys,
  startHttpApp,
} from '../../http/testing/http-app';
import { Authenticator } from '../../http';
import { AuditModule } from '../audit.module';

export interface AuditApp extends HttpApp {
  readonly store: EventStore;
  readonly keys: RoleKeys;
  readonly follow: (request?: Partial<SseRequest>) => Promise<SseConnection>;
}

/** An application that has events, and shows them. */
export async function startAuditApp(
  given: Pick<HttpAppOptions, 'database' | 'workerGate'> = {},
): Promise<AuditApp> {
  const http = await startHttpApp({ imports: [CqrsModule.forRoot(), AuditModule.forRoot()], ...given });
  http.app.get(EventRegistry, { strict: false }).register([BookPlaced, BookMoved]);
  const url = `${http.url}/api/v1/events/stream`;
  return {
    ...http,
    store: http.app.get(EventStore, { strict: false }),
    keys: http.app.get<RoleKeys>(Authenticator, { strict: false }),
    follow: (request = {}) => connect({ url, key: keyOf('viewer'), ...request }),
  };
}

/** The id of the n-th worker that the tests know. */
export const workerId = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Appends to the streams of workers; each commit has so many events, of two types by turns. */
export class Writer {
  private readonly heads = new Map<string, StreamHead>();
  private commands = 0;

  constructor(
    private readonly store: EventStore,
    private readonly name = 'writer',
  ) {}

  append(worker: number, size: number): Promise<void> {
    return this.appendTo(`worker-${workerId(worker)}`, size);
  }

  async appendTo(stream: string, size: number): Promise<void> {
    this.commands += 1;
    const head = this.heads.get(stream) ?? EMPTY;
    const events: DomainEvent[] = Array.from({ length: size }, (_, index) =>
      (head.version + index) % 2 === 0
        ? new BookPlaced('b', { shelf: 'A', at: START, tags: {} })
        : new BookMoved('b', { to: 'B' }),
    );
    const request = { stream, head, events, commandId: `${this.name}-${this.commands}` };
    this.heads.set(stream, headAfter(await this.store.append(aRequest(request))));
  }
}
