/** A message of an event stream, as a browser would dispatch it. */
export interface SseMessage {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/**
 * Reads an event stream as the standard says (WHATWG HTML, 9.2.6): a block without data dispatches nothing, but its id
 * counts; a block that the stream's end cuts off does not.
 */
export class SseParser {
  /** what a client sends when it connects again; null until the stream gave one */
  lastEventId: string | null = null;
  /** milliseconds, as the stream wishes */
  retry: number | null = null;
  /** lines that begin with a colon */
  readonly comments: string[] = [];
  private rest = '';
  private id: string | null = null;
  private event = '';
  private data: string[] = [];

  /** The messages that the text completes; `lastEventId` moves with what is taken of them. */
  *feed(text: string): Generator<SseMessage> {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') yield* this.dispatch();
      else this.take(line);
    }
  }

  private take(line: string): void {
    if (line.startsWith(':')) this.comments.push(line.slice(1).trim());
    const [, name, value = ''] = /^([^:]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name === 'id' && !value.includes('\0')) this.id = value;
    if (name === 'event') this.event = value;
    if (name === 'data') this.data.push(value);
    if (name === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
  }

  private dispatch(): SseMessage[] {
    this.lastEventId = this.id ?? this.lastEventId;
    const message = {
      id: this.lastEventId ?? '',
      event: this.event || 'message',
      data: this.data.join('\n'),
    };
    const isMessage = this.data.length > 0;
    this.event = '';
    this.data = [];
    return isMessage ? [message] : [];
  }
}
