import { type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { changedBody } from './faults/change-body';
import { type CmlStrike } from './faults/cml-strike';
import { type CmlAnswer, problemAnswer } from './cml-route';
import { nginxPage } from './nginx-page';

interface Payload {
  readonly status: number;
  readonly type: string;
  /** undefined: an answer without content */
  readonly content: string | undefined;
}

/**
 * Sends what comes of a request after the faults that strike it: a changed answer, an error, half of it, nothing.
 * @param answer null: the request was not done
 * @returns the status that was sent, or how the caller was left alone
 */
export async function sendAnswer(
  response: ServerResponse,
  answer: CmlAnswer | null,
  strike: CmlStrike,
  stop: CmlStrike['stop'],
): Promise<number | 'hang' | 'cut'> {
  if (stop?.answered === 'nothing') {
    if (stop.how === 'cut') response.destroy();
    return stop.how;
  }
  if (answer?.chunks && !stop && !strike.error && strike.bodyChanges.length === 0) {
    const status = strike.status ?? answer.status;
    response.writeHead(status, { 'content-type': 'application/json', ...strike.headers });
    await sendChunks(response, answer.chunks);
    return status;
  }
  const { status, type, content } = payloadOf(answer, strike);
  if (content !== undefined) {
    const length = Buffer.byteLength(content);
    response.writeHead(status, { 'content-type': type, 'content-length': length, ...strike.headers });
    if (!stop) response.end(content);
    else await sendHalf(response, Buffer.from(content), stop.how);
    return stop?.how ?? status;
  }
  if (!stop) response.writeHead(status, strike.headers).end();
  else if (stop.how === 'cut') response.destroy();
  return stop?.how ?? status;
}

function sendHalf(response: ServerResponse, bytes: Buffer, how: 'hang' | 'cut'): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes.subarray(0, bytes.length / 2), () => {
      if (how === 'cut') response.destroy();
      resolve();
    });
  });
}

async function sendChunks(response: ServerResponse, chunks: Iterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(chunks), response);
  } catch (error) {
    // A reader that has had enough closes the connection: that is its right.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

function payloadOf(answer: CmlAnswer | null, strike: CmlStrike): Payload {
  const { error, bodyChanges } = strike;
  const base = error ? errorAnswer(error) : (answer ?? { status: 204 });
  const status = strike.status ?? base.status;
  if (base.html) return { status, type: 'text/html', content: nginxPage(status) };
  // What CML itself refuses is not what the rule is about.
  const changes = error !== null || base.status < 400 ? bodyChanges : [];
  const raw = changes.findLast(({ text }) => text !== undefined)?.text ?? null;
  if (raw !== null) {
    return { status, type: raw.startsWith('<') ? 'text/html' : 'application/json', content: raw };
  }
  if (base.text !== undefined) return { status, type: 'text/plain; charset=utf-8', content: base.text };
  const whole = base.chunks ? (JSON.parse([...base.chunks].join('')) as unknown) : base.body;
  const body = changedBody(whole, changes);
  return { status, type: 'application/json', content: body === undefined ? undefined : JSON.stringify(body) };
}

function errorAnswer({ status, description, html }: NonNullable<CmlStrike['error']>): CmlAnswer {
  return html ? { status, html } : problemAnswer(status, description);
}
