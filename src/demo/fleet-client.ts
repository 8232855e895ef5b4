/** A worker, as far as the demo looks at it. */
export interface DemoWorker {
  readonly id: string;
  readonly name: string;
  readonly awsInstanceId: string | null;
  readonly status: string;
  readonly desiredState: string;
  readonly updatedAt: string;
}

/** A CloudEvent of a worker. */
export interface DemoEvent {
  readonly type: string;
  readonly time: string;
  readonly actor: string;
  readonly reason?: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** The demo uses the fleet as anybody would: over its REST API. */
export class FleetClient {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  create(order: object): Promise<DemoWorker> {
    return this.send('POST', '/api/v1/workers', order);
  }

  async workers(): Promise<readonly DemoWorker[]> {
    return (await this.send<Page<DemoWorker>>('GET', '/api/v1/workers?sort=name&includeTerminated=true'))
      .items;
  }

  /** The whole history, page by page. */
  async events(workerId: string): Promise<DemoEvent[]> {
    const events: DemoEvent[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor ? `limit=200&cursor=${cursor}` : 'limit=200';
      const page: Page<DemoEvent> = await this.send('GET', `/api/v1/workers/${workerId}/events?${query}`);
      events.push(...page.items);
      cursor = page.nextCursor;
    }
    return events;
  }

  private async send<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }
}
