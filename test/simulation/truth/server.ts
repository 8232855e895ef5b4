export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped';

/** One line of the server's telemetry, as it stands in its list. */
export interface ServerEvent {
  readonly category: string;
  /** by the server's clock, milliseconds */
  readonly at: number;
  readonly userId: string;
}

export interface Lab {
  state: 'STARTED' | 'STOPPED';
  /** by the server's clock */
  modifiedAt: number;
  nodes: number;
}

/** Something that a person did. */
interface Use {
  /** fleet milliseconds */
  readonly at: number;
  /** started or ended a lab, which shows by the labs themselves; else it shows by an event at most */
  readonly ofLabs: boolean;
}

/** What changes together, and is read by the same sources. */
export type ServerPart = 'instance' | 'labs' | 'events' | 'load';

export const OBSERVER = 'fleet-observer';
const IDLE_CPU = 3;
const KEPT_EVENTS = 8;
const KEPT_USES = 16;

/**
 * What is really so on one worker's instance and its CML server. Whoever changes something calls `changes` first and
 * `changed` after it, so that readings are made of what was so at their time. Times are fleet milliseconds.
 */
export class Server {
  instance: InstanceState = 'stopped';
  /** beginning of the present run */
  runsSince = 0;
  readonly labs = new Map<string, Lab>();
  events: ServerEvent[] = [];
  cpuPercent = IDLE_CPU;
  /** how far the server's clock is ahead */
  clockAheadMs = 0;
  /** off: it tells of no event, ever */
  telemetryOn = true;
  /** the truth of use: what people did, the latest last, but for what is too long ago to matter */
  uses: readonly Use[] = [];
  /** an answer of it had an event in it: from then on nobody may take an empty list for an unused server */
  hasShownEvents = false;
  /** when an answer of it last showed a processor that works */
  shownBusyAt = -Infinity;

  constructor(
    readonly id: string,
    private readonly time: { readonly now: number },
    private readonly heard: { changes: () => void; changed: (what: ServerPart) => void },
  ) {}

  get runningLabs(): number {
    let running = 0;
    for (const { state } of this.labs.values()) if (state === 'STARTED') running += 1;
    return running;
  }

  get runningNodes(): number {
    let nodes = 0;
    for (const { state, nodes: count } of this.labs.values()) if (state === 'STARTED') nodes += count;
    return nodes;
  }

  change(what: ServerPart, work: () => void): void {
    this.heard.changes();
    work();
    this.heard.changed(what);
  }

  startLab(lab: string, by: string, nodes = 2): void {
    this.change('labs', () => {
      this.labs.set(lab, { state: 'STARTED', modifiedAt: this.ownClock, nodes });
      this.tell('start_lab', by);
      this.used(true);
    });
  }

  stopLab(lab: string, by: string): void {
    this.change('labs', () => {
      this.labs.set(lab, { state: 'STOPPED', modifiedAt: this.ownClock, nodes: 0 });
      this.tell('stop_lab', by);
      this.used(true);
    });
  }

  /** A person logs in, or works at a lab. */
  act(category: 'user_activity' | 'start_node' | 'packet_capture', by: string): void {
    this.change('events', () => {
      this.tell(category, by);
      if (by !== OBSERVER) this.used(false);
    });
  }

  load(cpuPercent: number): void {
    this.change('load', () => {
      this.cpuPercent = cpuPercent;
    });
  }

  begins(): void {
    this.change('instance', () => {
      this.instance = 'running';
      this.runsSince = this.time.now;
    });
  }

  /** The operating system goes down: labs end with it. */
  goesDown(to: 'stopping' | 'stopped'): void {
    this.change('instance', () => {
      this.instance = to;
      for (const [name, lab] of this.labs) this.labs.set(name, { ...lab, state: 'STOPPED', nodes: 0 });
      this.cpuPercent = IDLE_CPU;
    });
  }

  get ownClock(): number {
    return this.time.now + this.clockAheadMs;
  }

  private used(ofLabs: boolean): void {
    this.uses = [...this.uses, { at: this.time.now, ofLabs }].slice(-KEPT_USES);
  }

  private tell(category: string, userId: string): void {
    if (!this.telemetryOn) return;
    this.events = [...this.events, { category, at: this.ownClock, userId }].slice(-KEPT_EVENTS);
  }
}
