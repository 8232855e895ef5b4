import { Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Turn } from '../../event-store';
import { FleetClock, SECOND } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { Timers } from '../../kernel/timers';
import { CML_SOURCES } from '../domain/cml-source';
import { CmlAgenda, type DueServer } from './cml-agenda';
import { CmlLanes } from './cml-lanes';
import { CmlObserver } from './cml-observer';

/** One turn over a region's CML servers: reads what is due of them. */
export class ObserveCml extends Command<void> {
  constructor(
    readonly region: string,
    readonly turn: Turn,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** Fleet time between two turns, and so how much later than due a reading may begin. */
const TURN_EVERY_MS = 2 * SECOND;
/** Where fleet time runs fast: what a database can bear. Machine time. */
const SHORTEST_TURN_MS = SECOND / 4;

/** Machine milliseconds between the beginnings of two turns. */
export function cmlTurnMs(clock: FleetClock): number {
  return Math.max(SHORTEST_TURN_MS, clock.toMachineMs(TURN_EVERY_MS));
}

/**
 * A turn lasts no longer than the time to the next one: readings that are not answered by then go on by themselves, in the
 * slots of their lane, and what did not get a slot is due again in the next turn. Nothing that goes wrong with one worker
 * keeps another from being observed; once its lease is lost a turn begins nothing more.
 */
@CommandHandler(ObserveCml)
export class ObserveCmlHandler implements ICommandHandler<ObserveCml> {
  private readonly logger = new Logger(ObserveCml.name);

  constructor(
    private readonly agenda: CmlAgenda,
    private readonly lanes: CmlLanes,
    private readonly observer: CmlObserver,
    private readonly timers: Timers,
    private readonly clock: FleetClock,
  ) {}

  /** @throws StoreUnavailable */
  async execute({ region, turn, context }: ObserveCml): Promise<void> {
    const due = await this.agenda.due(region, turn.lease);
    let over = false;
    const mayBegin = () => !over && turn.stillHeld();
    const read = async (server: DueServer) => {
      if (mayBegin()) await this.observe(server, context);
    };
    const idle = due.filter(({ worker }) => !this.observer.isUnderWay(worker.id));
    const readings = idle.map((server) => this.lanes.run(server.lane, () => read(server)));
    await this.atMost(cmlTurnMs(this.clock), Promise.all(readings));
    over = true;
  }

  /** Never rejects. */
  private async observe({ sources, ...server }: DueServer, context: CommandContext): Promise<void> {
    try {
      await this.observer.observe(server, { sources, whenBack: CML_SOURCES }, context);
    } catch (err) {
      const { id: workerId, awsRegion: region } = server.worker;
      this.agenda.forget(workerId);
      this.logger.error({ err, region, workerId }, 'an observation failed; it is tried again');
    }
  }

  private async atMost(ms: number, work: Promise<unknown>): Promise<void> {
    let stopWaiting = () => {};
    const longEnough = new Promise<void>((resolve) => (stopWaiting = this.timers.after(ms, resolve)));
    await Promise.race([work, longEnough]);
    stopWaiting();
  }
}
