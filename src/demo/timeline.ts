import { type DestinationStream } from 'pino';
import { type DemoEvent } from './fleet-client';

const PREFIX = 'io.cml-fleet.worker.';
const NAME_WIDTH = 15;

/** What a line of the log holds of a notice. */
interface NoticeLine {
  readonly context: 'Notices';
  readonly topic: string;
  readonly workerName: string;
  readonly msg: string;
}

/**
 * What happens, a line each, in fleet time since the start: state changes from the workers' histories, and notices
 * from the application's log, which is where people find them when nothing else is set up.
 */
export class Timeline implements DestinationStream {
  /** notices so far: worker and topic */
  readonly notices: { readonly workerName: string; readonly topic: string }[] = [];

  private readonly lastTold = new Map<string, string>();

  constructor(
    private readonly now: () => Date,
    private readonly epoch: Date,
    private readonly print: (line: string) => void,
  ) {}

  /** Takes a line of the application's log. */
  write(text: string): void {
    const line = JSON.parse(text) as {
      context?: string;
      level: number;
      msg?: string;
      err?: { message: string };
    };
    if (isNotice(line)) {
      this.notices.push({ workerName: line.workerName, topic: line.topic });
      const sentence = line.msg.replace(`${line.workerName}: `, '');
      this.line(
        this.now(),
        line.workerName,
        `${line.topic === 'unreadable' ? 'ALARM' : 'NOTICE'}  ${sentence}`,
      );
    } else if (line.level >= LEVEL_ERROR) {
      this.line(this.now(), 'log', `${line.msg ?? ''} ${line.err?.message ?? ''}`);
    }
  }

  /** A telemetry event that tells the same number of labs again is passed over. */
  event(workerName: string, event: DemoEvent): void {
    const sentence = sentenceOf(event);
    if (!sentence || this.lastTold.get(workerName) === sentence) return;
    this.lastTold.set(workerName, sentence);
    this.line(new Date(event.time), workerName, sentence);
  }

  private line(at: Date, who: string, what: string): void {
    const minutes = Math.max(0, Math.floor((at.getTime() - this.epoch.getTime()) / 60_000));
    const time = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
    this.print(`  ${time.padStart(5)}  ${who.padEnd(NAME_WIDTH)}${what}`);
  }
}

const LEVEL_ERROR = 50;

function isNotice(line: object): line is NoticeLine {
  return 'context' in line && line.context === 'Notices' && 'topic' in line && 'workerName' in line;
}

/** Null for what would only fill the screen. */
function sentenceOf({ type, actor, data }: DemoEvent): string | null {
  const kind = type.slice(PREFIX.length).replace(/\.v\d+$/, '');
  switch (kind) {
    case 'created':
      return `created: ${String(data['instanceType'])} in ${String(data['awsRegion'])}`;
    case 'instance-assigned':
      return `launched as ${String(data['awsInstanceId'])}`;
    case 'status-updated':
      return `EC2 ${String(data['oldStatus'])} → ${String(data['newStatus'])}`;
    case 'service-status-updated':
      if (data['oldServiceStatus'] === data['newServiceStatus']) return null;
      return `CML ${String(data['oldServiceStatus'])} → ${String(data['newServiceStatus'])}`;
    case 'desired-state-updated':
      return `wanted ${String((data['desired'] as { state?: string }).state)} by ${actor}`;
    case 'snooze-updated':
      return data['snooze'] ? `snoozed by ${actor}` : `snooze lifted by ${actor}`;
    case 'launch-failed':
    case 'status-reason-updated': {
      const reason = data['reason'] as { code?: string; message?: string } | null;
      return reason && `${reason.code ?? ''}: ${reason.message ?? ''}`;
    }
    case 'telemetry-updated': {
      const labs = data['activeLabsCount'];
      return typeof labs === 'number' ? `running labs: ${labs}` : null;
    }
    default:
      return null;
  }
}
