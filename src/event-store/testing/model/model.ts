import { StoreUnavailable } from '../../../kernel/domain-error';
import { ManualClock } from '../../../kernel/clocks';
import { HmacCommitSeal } from '../../hmac-commit-seal';
import { LogSeal } from '../../log-seal';
import { CorruptStream } from '../../store-errors';
import { type LogLine } from '../../tables';
import { START } from '../books';
import { Client, type Command } from './client';
import { Fleet } from './fleet';
import { type Parts, SOUND, type Tables } from './parts';
import { NoAnswer, Receiver } from './receiver';
import { type Replica } from './replica';
import { type SimulatedProcess } from './simulated-process';
import { type Calls } from './step';
import { WEBHOOK } from './subscriber';
import { WatchedSubscriptions } from './watched-subscriptions';
import { Witness } from './witness';

const RING = [{ kid: 'k1', key: Buffer.alloc(32, 1) }];
const CALLS_AT_MOST = 3_000;

/** Several processes on one database, and those round them. Its methods are what can happen. */
export class Model {
  readonly clock = new ManualClock(START);
  readonly witness = new Witness();
  readonly receiver = new Receiver();
  readonly seal = new HmacCommitSeal(RING);
  readonly logSeal = new LogSeal(RING);
  readonly tables: Tables;
  readonly client: Client;
  readonly fleet: Fleet;
  /** what happened, for people */
  readonly story: string[] = [];
  /** lines that a reader took at some moments, always those after its last one */
  readonly taken: LogLine[] = [];

  constructor(
    commands: readonly Command[],
    readonly subscriptions: readonly string[],
    changed: Partial<Parts>,
  ) {
    const parts = { ...SOUND, ...changed };
    this.tables = {
      commits: parts.commits(),
      log: parts.log(),
      subscriptions: new WatchedSubscriptions(parts.subscriptions(this.clock), this.clock, this.witness),
      parked: parts.parked(),
      shelves: parts.shelves(),
    };
    const report = (error: unknown, during: string) => this.judge(error, during);
    const { tables, seal, logSeal } = this;
    this.client = new Client(commands, report);
    this.fleet = new Fleet(
      { parts, tables, seal, logSeal, report },
      this.clock,
      this.receiver,
      subscriptions,
    );
  }

  async begin(): Promise<void> {
    for (const name of this.subscriptions) await this.tables.subscriptions.ensure(name, 0);
  }

  send(command: Command, { process, books }: Replica): void {
    this.tell(`${command.id} to ${process.name}`);
    void this.client.send(command, books);
  }

  async go(process: SimulatedProcess, call: number, { times, fate }: Calls): Promise<void> {
    await settled();
    for (let time = 1; time <= times && process.ready > 0; time += 1) {
      const present = time === times ? fate : 'done';
      this.tell(`${process.letGo(call % process.ready, present)}: ${present}`);
      await settled();
    }
    this.fleet.replaceDead();
  }

  /** Lets all calls of these processes go; false when there is no end of them. */
  async runDry(processes: readonly SimulatedProcess[]): Promise<boolean> {
    await settled();
    for (let calls = 0; calls < CALLS_AT_MOST; calls += 1) {
      const process = processes.find(({ ready }) => ready > 0);
      if (!process) return true;
      this.tell(process.letGo(0, 'done'));
      await settled();
    }
    return false;
  }

  /** What a process has given up on happens after all. */
  async arrive(index: number): Promise<void> {
    const [call] = this.fleet.late.splice(index, 1);
    if (!call) return;
    this.tell(`${call.what}: arrives late`);
    await call.work();
  }

  async read(): Promise<void> {
    this.taken.push(...(await this.tables.log.read(this.taken.at(-1)?.position ?? 0, Infinity, {})));
    this.tell(`a reader has ${this.taken.length} entries`);
  }

  /** A person asks for a retry of everything that is put aside. */
  async askForRetries(): Promise<void> {
    const { parked } = this.tables;
    for (const { subscription, stream } of await parked.of(WEBHOOK)) {
      this.tell(`a person asks for a retry of ${stream}`);
      await parked.retry(subscription, stream, this.clock.now());
    }
  }

  wait(ms: number): void {
    this.tell(`${ms} ms pass`);
    this.clock.advance(ms);
    jest.advanceTimersByTime(ms);
  }

  tell(what: string): void {
    this.story.push(what);
  }

  /** Errors that the faults of this model explain are none; every other one is a finding. */
  private judge(error: unknown, during: string): void {
    if (error instanceof StoreUnavailable || error instanceof NoAnswer) return;
    const harm =
      error instanceof CorruptStream
        ? 'the versions of a stream have gaps or doubles'
        : 'an error that nobody expects';
    this.witness.note(harm, `failed to ${during}: ${String(error)}`);
  }
}

/** Until every process waits for a call to go, or has nothing to do. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
