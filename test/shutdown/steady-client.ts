import { randomUUID } from 'node:crypto';
import { Client } from 'undici';
import { ADMIN_KEY } from '../support/fleet-process';

/** One request, and what came of it. Times are machine milliseconds since 1970. */
export interface Sent {
  readonly what: string;
  readonly workerId: string;
  readonly correlationId: string;
  readonly at: number;
  /** null: the connection ended without an answer */
  readonly status: number | null;
}

/** Sends requests one after the other over one connection that is kept, commands and reads in turn, until it is stopped. */
export class SteadyClient {
  readonly sent: Sent[] = [];
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly workerId: string,
    private readonly name: string,
  ) {}

  /** Ends with `stop`, or when nobody listens any more. */
  async run(): Promise<void> {
    const client = new Client(this.url, { pipelining: 1 });
    for (let n = 0; !this.stopped; n += 1) {
      const sent = n % 3 === 2 ? await this.read(client) : await this.command(client, n);
      this.sent.push(sent);
      if (sent.status === null) break;
    }
    await client.destroy();
  }

  stop(): void {
    this.stopped = true;
  }

  private command(client: Client, n: number): Promise<Sent> {
    const body = { tags: { [this.name]: String(n) } };
    return this.send(client, {
      what: 'tag',
      method: 'PATCH',
      path: `/api/v1/workers/${this.workerId}`,
      body,
    });
  }

  private read(client: Client): Promise<Sent> {
    return this.send(client, { what: 'list', method: 'GET', path: '/api/v1/workers' });
  }

  private async send(
    client: Client,
    { what, method, path, body }: { what: string; method: 'GET' | 'PATCH'; path: string; body?: object },
  ): Promise<Sent> {
    const correlationId = randomUUID();
    const request = { what, workerId: this.workerId, correlationId, at: Date.now() };
    const headers = {
      authorization: `Bearer ${ADMIN_KEY}`,
      'x-correlation-id': correlationId,
      ...(body && { 'content-type': 'application/json' }),
    };
    try {
      const answer = await client.request({ method, path, headers, body: body && JSON.stringify(body) });
      await answer.body.dump();
      return { ...request, status: answer.statusCode };
    } catch (error) {
      if (!isCut(error)) throw error;
      return { ...request, status: null };
    }
  }
}

/** The other side ended the connection, or does not listen any more. */
function isCut(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(code);
}
