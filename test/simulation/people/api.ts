import { HOUR, MINUTE, plus } from '../../../src/kernel/clocks';
import { type CommandContext } from '../../../src/kernel/command-context';
import { DomainError } from '../../../src/kernel/domain-error';
import {
  AskForConnection,
  AskForConnectionHandler,
} from '../../../src/workers/application/ask-for-connection.command';
import { ConnectionCallers } from '../../../src/workers/application/connection-callers';
import { NoteUse, NoteUseHandler } from '../../../src/workers/application/note-use.command';
import { ProtectWorker, ProtectWorkerHandler } from '../../../src/workers/application/protect-worker.command';
import { SnoozeWorker, SnoozeWorkerHandler } from '../../../src/workers/application/snooze-worker.command';
import { StartWorker, StartWorkerHandler } from '../../../src/workers/application/start-worker.command';
import { type WorkerRepository } from '../../../src/workers/domain/ports';
import { type SimTime } from '../world/sim-time';

/** Who is answered ready again within so long goes on with a series, of which only the first answer is a use. */
const SERIES_MS = 10 * MINUTE;

/** What people ask over the API, which an application serves that does not fail. Each answers whether it was done. */
export class Api {
  /** when each worker was last used by what was asked and granted, fleet milliseconds: connections, keep-alives, starts */
  readonly usedAt = new Map<string, number>();
  private readonly readyAt = new Map<string, number>();
  private asked = 0;
  private readonly start_: StartWorkerHandler;
  private readonly snooze_: SnoozeWorkerHandler;
  private readonly protect_: ProtectWorkerHandler;
  private readonly noteUse: NoteUseHandler;
  private readonly connection: AskForConnectionHandler;

  constructor(
    private readonly time: SimTime,
    workers: WorkerRepository,
  ) {
    this.start_ = new StartWorkerHandler(workers, time.fleet);
    this.snooze_ = new SnoozeWorkerHandler(workers, { minutesFor: () => 7 * 24 * 60 }, time.fleet);
    this.protect_ = new ProtectWorkerHandler(workers, time.fleet);
    const callers = new ConnectionCallers(time.machine);
    this.connection = new AskForConnectionHandler(workers, callers, time.fleet, time.machine);
    this.noteUse = new NoteUseHandler(workers, time.fleet);
  }

  start(id: string): Promise<boolean> {
    return this.used(id, () => this.start_.execute(new StartWorker(id, this.context())));
  }

  snooze(id: string, ms = HOUR): Promise<boolean> {
    const until = plus(this.time.fleet.now(), ms);
    return this.done(() => this.snooze_.execute(new SnoozeWorker(id, until, this.context())));
  }

  protect(id: string, ms: number): Promise<boolean> {
    const expiresAt = plus(this.time.fleet.now(), ms);
    return this.done(() =>
      this.protect_.execute(new ProtectWorker(id, { reason: 'a demo', expiresAt }, this.context())),
    );
  }

  keepAlive(id: string): Promise<boolean> {
    return this.used(id, () => this.noteUse.execute(new NoteUse(id, 'keep-alive', this.context())));
  }

  /** The first of a series that is answered ready is a use; one that is not, since a stop is under way, is none. */
  async connect(id: string): Promise<boolean> {
    const answer = await this.connection.execute(new AskForConnection(id, this.context()));
    if (!answer.ready) return false;
    const { now } = this.time;
    if (now - (this.readyAt.get(id) ?? -Infinity) >= SERIES_MS) this.usedAt.set(id, now);
    this.readyAt.set(id, now);
    return true;
  }

  private context(): CommandContext {
    this.asked += 1;
    const commandId = `person-${this.asked}`;
    return { actor: 'user:ann', reason: null, correlationId: commandId, causationId: null, commandId };
  }

  private async used(id: string, ask: () => Promise<unknown>): Promise<boolean> {
    const isDone = await this.done(ask);
    if (isDone) this.usedAt.set(id, this.time.now);
    return isDone;
  }

  private async done(ask: () => Promise<unknown>): Promise<boolean> {
    try {
      await ask();
      return true;
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
  }
}
