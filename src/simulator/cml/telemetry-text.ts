import { telemetryTime } from './cml-times';
import { type CmlServer } from './cml-server';
import { floodTexts } from './telemetry-flood';

const EVENTS_PER_CHUNK = 500;

/** The answer of `GET /telemetry/events` as JSON in parts: events that came about, then floods. */
export function* telemetryText(server: CmlServer, now: Date): Iterable<string> {
  let part: string[] = [];
  let before = '[';
  for (const event of eventTexts(server, now)) {
    part.push(event);
    if (part.length < EVENTS_PER_CHUNK) continue;
    yield before + part.join(',');
    before = ',';
    part = [];
  }
  yield part.length > 0 ? `${before}${part.join(',')}]` : before === '[' ? '[]' : ']';
}

function* eventTexts(server: CmlServer, now: Date): Iterable<string> {
  let index = 0;
  for (const { category, at, data } of server.telemetry) {
    if (at <= now) yield JSON.stringify({ category, timestamp: telemetryTime(at, index), data });
    index += 1;
  }
  for (const flood of server.floods) yield* floodTexts(flood);
}
