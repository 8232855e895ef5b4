import { latest, plus, SECOND } from '../../kernel/clocks';
import { type ActivityValues } from '../../telemetry';
import { unreadable } from './cml-errors';
import { timeIn } from './cml-time';
import { recordIn, textIn } from './unknown-json';

/** From when to when we did something, on the server's clock as we know it (fleet time). */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** The account that we log in with, as far as its own traces must not pass for a person's. */
export interface OwnAccount {
  /** null: the server did not tell */
  readonly userId: string | null;
  /** people log in with it, too */
  readonly builtInAdmin: boolean;
  readonly logins: readonly Span[];
  /** what we asked the server to change: labs that we stopped, above all */
  readonly changes: readonly Span[];
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
const OWN_TRACE_SLACK_MS = 10 * SECOND;

interface TelemetryEvent {
  readonly category: string;
  /** as the server gave it */
  readonly at: Date;
  readonly userId: string | null;
}

/**
 * What `GET /telemetry/events` adds to what was known, event by event. The answer holds every event ever, in no
 * promised order; those at the watermark's own time are looked at again, since others of the same second may have come
 * after it. A time in the future, from a clock that was wrong, counts as now, and only where none that late was seen
 * before: it would be new at each reading. As watermark it would hide all that comes until then.
 *
 * An earlier version did not keep the newest act and the newest session apart. After it, the older events are looked
 * at once more for these two, up to the newest activity that it found: what it took for none of a person's stays none.
 */
export class ActivityReading {
  private newest: { readonly at: Date | null; readonly category: string | null };
  private newestActAt: Date | null;
  private newestSessionAt: Date | null;
  private watermark: Date | null;
  private newestFutureAt: Date | null;
  private hasEntries = false;
  private isUnderstood = false;
  private everSeen: boolean;

  constructor(
    private readonly before: ActivityValues | null,
    private readonly own: OwnAccount,
    private readonly now: Date,
  ) {
    this.newest = { at: before?.newestActivityAt ?? null, category: before?.newestCategory ?? null };
    this.newestActAt = before?.newestActAt ?? null;
    this.newestSessionAt = before?.newestSessionAt ?? null;
    this.watermark = before?.watermark ?? null;
    this.newestFutureAt = before?.newestFutureAt ?? null;
    this.everSeen = before?.everSeen ?? false;
  }

  /** An entry without a category, or without a time that can be read, is passed over. */
  add(entry: unknown): void {
    this.hasEntries = true;
    const event = eventIn(entry);
    if (!event) return;
    this.isUnderstood = true;
    this.everSeen = true;
    const { category, at: given } = event;
    const isAhead = given > this.now;
    if (isAhead) this.newestFutureAt = latest(this.newestFutureAt, given);
    else this.watermark = latest(this.watermark, given);
    const at = isAhead ? this.now : given;
    const isKnown = isAhead ? this.isKnownAhead(given) : this.isKnown(given);
    if (isKnown || !isOfAPerson({ ...event, at }, this.own)) return;
    if (!this.newest.at || at > this.newest.at) this.newest = { at, category };
    if (category === LOGIN) this.newestSessionAt = latest(this.newestSessionAt, at);
    else this.newestActAt = latest(this.newestActAt, at);
  }

  /**
   * @throws CmlError `unreadable` where none of the entries is an event: they would pass for a server without any; and where
   * there are none at all of a server that had some, since what people do now does not show either
   */
  get values(): ActivityValues {
    if (!this.hasEntries && this.everSeen) throw unreadable('its telemetry has lost the events that it had');
    if (this.hasEntries && !this.isUnderstood) throw unreadable('no entry of its telemetry is an event');
    return {
      newestActivityAt: this.newest.at,
      newestCategory: this.newest.category,
      newestActAt: this.newestActAt,
      newestSessionAt: this.newestSessionAt,
      watermark: this.watermark,
      newestFutureAt: this.newestFutureAt,
      everSeen: this.everSeen,
    };
  }

  private isKnownAhead(at: Date): boolean {
    const known = this.before?.newestFutureAt ?? null;
    return known !== null && at <= known;
  }

  private isKnown(at: Date): boolean {
    const { before } = this;
    if (!before?.watermark || at >= before.watermark) return false;
    const apart = before.newestActAt !== undefined && before.newestSessionAt !== undefined;
    return apart || !before.newestActivityAt || at > before.newestActivityAt;
  }
}

/**
 * What we did ourselves is no sign of a person. As built-in `admin` people and we are the same user: then only what
 * happened when we did something is ours.
 */
function isOfAPerson({ category, at, userId }: TelemetryEvent, own: OwnAccount): boolean {
  if (category !== LOGIN && !ACTS.has(category)) return false;
  if (userId === null || userId !== own.userId) return true;
  if (!own.builtInAdmin) return false;
  return !isWithin(category === LOGIN ? own.logins : own.changes, at);
}

function isWithin(spans: readonly Span[], at: Date): boolean {
  return spans.some(
    ({ from, to }) => at >= plus(from, -OWN_TRACE_SLACK_MS) && at <= plus(to, OWN_TRACE_SLACK_MS),
  );
}

function eventIn(entry: unknown): TelemetryEvent | null {
  const { category, timestamp, data } = recordIn(entry);
  const name = textIn(category);
  const at = timeIn(timestamp);
  if (name === null || at === null) return null;
  return { category: name, at, userId: textIn(recordIn(data)['user_id']) };
}
