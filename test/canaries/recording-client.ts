import { ApiClient, type ApiAnswer } from '../support/api-client';
import { type Evidence } from './evidence';

/** Keeps every answer that it gets: status line, headers, body. */
export class RecordingClient extends ApiClient {
  private shownOnce: string | null = null;

  constructor(
    url: string,
    key: string | null,
    private readonly evidence: Evidence,
    private readonly correlationId: string,
  ) {
    super(url, key);
  }

  override send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    return super.send(method, path, body, { 'x-correlation-id': this.correlationId, ...headers });
  }

  put(path: string, body?: unknown): Promise<ApiAnswer> {
    return this.send('PUT', path, body);
  }

  /** A POST whose answer shows a secret by design, once, as this member; the rest of the answer is kept. */
  async postThatShows(
    member: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ readonly secret: string; readonly body: ApiAnswer['body'] }> {
    this.shownOnce = member;
    try {
      const answer = await this.post(path, body, headers);
      return { secret: answer.body[member] as string, body: answer.body };
    } finally {
      this.shownOnce = null;
    }
  }

  protected override received(method: string, path: string, answer: Response, text: string): void {
    const of = `${method} ${path.split('?', 1)[0]} ${answer.status}`;
    const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`);
    this.evidence.add('answer headers', of, [`${answer.status} ${answer.statusText}`, ...headers].join('\n'));
    this.evidence.add('answer body', of, this.withoutShown(text));
  }

  private withoutShown(text: string): string {
    if (this.shownOnce === null) return text;
    const shown = (JSON.parse(text) as Record<string, unknown>)[this.shownOnce];
    if (typeof shown !== 'string') throw new Error(`the answer does not show its ${this.shownOnce}`);
    return text.replace(shown, '');
  }
}
