import { type MachineClock } from '../../../kernel/clocks';
import { type Receiver } from './receiver';
import { Replica, type World } from './replica';
import { Sequencer } from './sequencer';
import { SimulatedProcess } from './simulated-process';
import { Subscriber } from './subscriber';

const WRITERS = 3;
const SEQUENCERS = 2;
const SUBSCRIBERS = 2;

interface LateCall {
  readonly what: string;
  readonly work: () => Promise<unknown>;
}

/** The processes: one that dies is replaced at once, by one that knows nothing. */
export class Fleet {
  readonly writers: Replica[];
  readonly sequencers: Sequencer[];
  readonly subscribers: Subscriber[];
  /** calls whose process has given up on them, and which have not arrived yet */
  readonly late: LateCall[] = [];
  private starts = 0;

  constructor(
    private readonly world: World,
    private readonly server: MachineClock,
    private readonly receiver: Receiver,
    private readonly subscriptions: readonly string[],
  ) {
    this.writers = Array.from({ length: WRITERS }, () => this.writer());
    this.sequencers = Array.from({ length: SEQUENCERS }, () => this.sequencer());
    this.subscribers = Array.from({ length: SUBSCRIBERS }, () => this.subscriber());
  }

  get processes(): SimulatedProcess[] {
    const { writers, sequencers, subscribers } = this;
    const others = [...sequencers, ...subscribers].map(({ replica }) => replica);
    return [...writers, ...others].map(({ process }) => process);
  }

  /** Processes that wait for a call to go. */
  get ready(): SimulatedProcess[] {
    return this.processes.filter(({ ready }) => ready > 0);
  }

  replaceDead(): void {
    for (const [at, { process }] of this.writers.entries()) {
      if (process.isDead) this.writers[at] = this.writer();
    }
    for (const [at, { replica }] of this.sequencers.entries()) {
      if (replica.process.isDead) this.sequencers[at] = this.sequencer();
    }
    for (const [at, { replica }] of this.subscribers.entries()) {
      if (replica.process.isDead) this.subscribers[at] = this.subscriber();
    }
  }

  private writer(): Replica {
    return this.replica('writer');
  }

  private sequencer(): Sequencer {
    return new Sequencer(this.replica('sequencer'), this.world.report);
  }

  private subscriber(): Subscriber {
    return new Subscriber(this.replica('subscriber'), this.receiver, this.subscriptions, this.world.report);
  }

  private replica(role: string): Replica {
    this.starts += 1;
    const name = `${role} ${this.starts}`;
    const process = new SimulatedProcess(name, this.server, (what, work) => this.late.push({ what, work }));
    return new Replica(process, this.world);
  }
}
