import { latest, plus, SECOND } from '../../kernel/clocks';
import { type ActivityValues } from '../../telemetry';
import { unreadable } from './cml-errors';
import { timeIn } from './cml-time';
import { recordIn, textIn } from './unknown-json';

/** The account that we log in with, as far as its own traces must not pass for a person's. */
export interface OwnAccount {
  /** null: the server did not tell */
  readonly userId: string | null;
  /** people log in with it, too */
  readonly builtInAdmin: boolean;
  /** when we logged in, on the server's clock as we know it (fleet time) */
  readonly logins: readonly { readonly from: Date; readonly to: Date }[];
}

/**
 * What only a person, or a script of one, brings about. `boot_node` is its consequence, minutes later on a slow image:
 * somebody waits for that node, so it counts. What an administrator does to users and pools is no use of labs, and the
 * rest is what the server reports by itself.
 */
const ACTS: ReadonlySet<string> = new Set([
  'start_lab',
  'stop_lab',
  'queue_node',
  'start_node',
  'stop_node',
  'wipe_node',
  'import_lab',
  'export_lab',
  'packet_capture',
  'boot_node',
]);
const LOGIN = 'user_activity';
/** The clocks of a server and ours may differ by this. */
const LOGIN_SLACK_MS = 10 * SECOND;

interface TelemetryEvent {
  readonly category: string;
  readonly at: Date;
  readonly userId: string | null;
}

/**
 * What `GET /telemetry/events` adds to what was known. The answer holds every event ever, in no promised order; those
 * at the watermark's own time are looked at again, since others of the same second may have come after it. A time in
 * the future, from a clock that was wrong, counts as now: as watermark it would hide all that comes until then.
 * @throws CmlError `unreadable` where the answer is no list
 */
export function activityValues(
  answer: unknown,
  before: ActivityValues | null,
  own: OwnAccount,
  now: Date,
): ActivityValues {
  if (!Array.isArray(answer)) throw unreadable('its telemetry is no list of events');
  const events = answer.flatMap((entry) => eventIn(entry, now) ?? []);
  let newest = { at: before?.newestActivityAt ?? null, category: before?.newestCategory ?? null };
  let watermark = before?.watermark ?? null;
  for (const event of events) {
    const known = before?.watermark && event.at < before.watermark;
    const newer = !newest.at || event.at > newest.at;
    if (!known && newer && isOfAPerson(event, own)) newest = event;
    watermark = latest(watermark, event.at);
  }
  return {
    newestActivityAt: newest.at,
    newestCategory: newest.category,
    watermark,
    everSeen: (before?.everSeen ?? false) || events.length > 0,
  };
}

function isOfAPerson({ category, at, userId }: TelemetryEvent, own: OwnAccount): boolean {
  if (category !== LOGIN) return ACTS.has(category);
  if (userId === null || userId !== own.userId) return true;
  if (!own.builtInAdmin) return false;
  return !own.logins.some(
    ({ from, to }) => at >= plus(from, -LOGIN_SLACK_MS) && at <= plus(to, LOGIN_SLACK_MS),
  );
}

/** Null where the entry has no category or no time that can be read. */
function eventIn(entry: unknown, now: Date): TelemetryEvent | null {
  const { category, timestamp, data } = recordIn(entry);
  const name = textIn(category);
  const at = timeIn(timestamp);
  if (name === null || at === null) return null;
  return { category: name, at: at > now ? now : at, userId: textIn(recordIn(data)['user_id']) };
}
