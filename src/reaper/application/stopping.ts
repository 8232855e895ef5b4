import { Injectable, Logger } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { type Turn } from '../../event-store';
import { FleetClock, MachineClock, MINUTE, plus, SECOND } from '../../kernel/clocks';
import {
  FenceWorker,
  GetWorker,
  LiftFence,
  SendAutomaticStop,
  StopWorker,
  type WorkerState,
} from '../../workers';
import { ReaperControls } from '../domain/control/ports';
import { type TakeOutcome } from '../domain/control/reaper-control';
import { type IdleDecision } from '../domain/decision/decision';
import { stopReason } from '../domain/decision/sentences';
import { stopCommandId } from '../domain/stop-trail';
import { type ActOutcome, isRefusal, refusedBy } from './act-outcome';
import { contextOf } from './decision-context';
import { FleetSurroundings, type FleetView } from './fleet-surroundings';
import { LastProbe } from './last-probe';
import { StopRefusals } from './stop-refusals';
import { StopSettlement } from './stop-settlement';
import { WorkerJudge } from './worker-judge';

/** Sessions are offered again after this (machine time), whatever became of the process that stops. */
const FENCED_MS = 2 * MINUTE;

/** A stop rests on a live probe no older than this (machine time). */
const PROBE_HOLDS_MS = 10 * SECOND;

const WITHDRAWN =
  'The stop was taken back before AWS was asked for it: somebody has snoozed the worker, say.';

/**
 * Carries out a decided stop, if it still stands: judged again by the worker's stream, fenced, probed, taken from the
 * budgets, asked for, and sent, in this turn, for as long as its probe and its lease hold. Each step is stored before the
 * next one; whatever refuses lifts the fence and gives the budget back, and what a dead process leaves the next turn does.
 */
@Injectable()
export class Stopping {
  private readonly logger = new Logger('Reaper');

  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly judge: WorkerJudge,
    private readonly surroundings: FleetSurroundings,
    private readonly controls: ReaperControls,
    private readonly settlement: StopSettlement,
    private readonly lastProbe: LastProbe,
    private readonly refusals: StopRefusals,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
  ) {}

  /** @throws WorkerNotFound, StoreUnavailable */
  async carryOut(
    turn: Turn,
    { workerId, decisionId }: IdleDecision,
    view: FleetView,
    correlationId: string,
  ): Promise<ActOutcome> {
    // lists lag behind by a moment, in which somebody may have snoozed it
    const worker = await this.queries.execute(new GetWorker(workerId));
    const around = await this.surroundings.anew(worker, view);
    const decision = await this.judge.judgeOne(worker, around, decisionId);
    const keeps = this.keeps(decision, around);
    if (keeps) {
      await this.liftStrayFence(worker, correlationId);
      return keeps;
    }
    const outcome =
      (await this.fence(worker, decision, correlationId)) ??
      (await this.fenced(turn, worker, decision, view, correlationId));
    await this.refusals.note(decision, outcome, correlationId);
    return outcome;
  }

  /** Null: it is tried. */
  private keeps(decision: IdleDecision, { control }: FleetView): ActOutcome | null {
    const { verdict, reason, restraints } = decision;
    if (verdict === 'held') return { action: 'held', reason, restraints };
    if (verdict !== 'stop' || decision.dryRun) return { action: 'stop-refused', reason };
    return this.refusals.waiting(decision, control);
  }

  private async fenced(
    turn: Turn,
    worker: WorkerState,
    decision: IdleDecision,
    view: FleetView,
    correlationId: string,
  ): Promise<ActOutcome> {
    let outcome: ActOutcome | null = null;
    try {
      outcome = await this.behindFence(turn, worker, decision, view, correlationId);
      return outcome;
    } finally {
      if (outcome?.action !== 'stop') await this.liftFence(decision, correlationId);
    }
  }

  /** Of a fence that stands although nothing stops the worker: whoever raised it is dead, or was refused. */
  private async liftFence(
    { workerId, decisionId }: Pick<IdleDecision, 'workerId' | 'decisionId'>,
    correlationId: string,
  ): Promise<void> {
    const context = contextOf({ decisionId }, 'lift-fence', 'the stop is not carried out', correlationId);
    try {
      await this.commands.execute(new LiftFence(workerId, decisionId, context));
    } catch (err) {
      // it counts for two minutes at most, and the next turn tries again
      this.logger.warn({ err, workerId, decisionId }, 'the fence of a stop could not be lifted');
    }
  }

  /** No stop of an earlier turn is under way in this one: its process is dead, or could not lift the fence. */
  async liftStrayFence({ id, fence, desired }: WorkerState, correlationId: string): Promise<void> {
    if (!fence || desired.state !== 'RUNNING') return;
    await this.liftFence({ workerId: id, decisionId: fence.decisionId }, correlationId);
  }

  /** Null: it stands. */
  private async fence(
    worker: WorkerState,
    decision: IdleDecision,
    correlationId: string,
  ): Promise<ActOutcome | null> {
    const { decisionId } = decision;
    const until = plus(this.machine.now(), FENCED_MS);
    const terms = { decisionId, until, expectedUse: worker.lastUse?.at ?? null };
    const context = contextOf(decision, 'fence', decision.reason, correlationId);
    try {
      if (worker.fence && worker.fence.decisionId !== decisionId) {
        // under a command id of its own: by the same one the new fence would be taken for a repetition
        await this.liftFence({ workerId: worker.id, decisionId: worker.fence.decisionId }, correlationId);
      }
      await this.commands.execute(new FenceWorker(worker.id, terms, context, worker.revision));
      return null;
    } catch (error) {
      if (isRefusal(error)) return refusedBy(error);
      throw error;
    }
  }

  private async behindFence(
    turn: Turn,
    worker: WorkerState,
    decision: IdleDecision,
    view: FleetView,
    correlationId: string,
  ): Promise<ActOutcome> {
    const probed = await this.lastProbe.of(worker, decision, turn.signal, correlationId);
    if ('refused' in probed) return probed.refused;
    const probeHoldsUntil = plus(probed.begunAt, PROBE_HOLDS_MS);
    const taken = await this.take(decision, worker, view, correlationId);
    if (!taken.taken) {
      return { action: 'held', reason: taken.detail, restraints: [taken.restraint] };
    }
    const refused = this.isTooLate(turn, probeHoldsUntil);
    if (refused) {
      await this.settlement.giveBack(decision, refused.reason, correlationId);
      return refused;
    }
    const sendBefore = turn.heldUntil < probeHoldsUntil ? turn.heldUntil : probeHoldsUntil;
    return this.stop(worker, decision, sendBefore, correlationId);
  }

  private isTooLate(turn: Turn, probeHoldsUntil: Date): ActOutcome | null {
    if (this.machine.now() >= probeHoldsUntil) {
      const reason = 'The live probe took too long to act on it.';
      return { action: 'probe-refused', reason, refusal: { inUse: false } };
    }
    if (turn.stillHeld()) return null;
    return { action: 'stop-refused', reason: 'The turn lost its lease; another one looks at it again.' };
  }

  /** By the stream, so that a pause or a stop of another replica counts that came a moment ago. */
  private async take(
    decision: IdleDecision,
    worker: WorkerState,
    { fleet }: FleetView,
    correlationId: string,
  ): Promise<TakeOutcome> {
    const context = contextOf(decision, 'take', decision.reason, correlationId);
    const budgeted = this.surroundings.budgeted(worker);
    const now = this.clock.now();
    let outcome: TakeOutcome | null = null;
    const { takes } = await this.controls.change(context, (control) => {
      outcome = control.take(decision.decisionId, budgeted, fleet, now);
    });
    // the same command was stored before: what it decided then stands
    const known = takes.some(({ decisionId }) => decisionId === decision.decisionId);
    return (
      outcome ?? (known ? { taken: true } : { taken: false, restraint: 'budget', detail: '', opened: false })
    );
  }

  private async stop(
    { id, revision, lastUse }: WorkerState,
    decision: IdleDecision,
    sendBefore: Date,
    correlationId: string,
  ): Promise<ActOutcome> {
    const { decisionId } = decision;
    // where the server has said nothing for so long, nobody can tell whether labs run, and it does not matter
    const despiteUnknownLabs = decision.cause === 'max-uptime';
    const reason = stopReason(decision);
    const commandId = stopCommandId(decisionId);
    const context = { ...contextOf(decision, 'stop', reason, correlationId), commandId };
    const known = { expectedRevision: revision, expectedUse: lastUse?.at ?? null };
    const terms = { decisionId, sendBefore, despiteUnknownLabs, ...known };
    try {
      await this.commands.execute(new StopWorker(id, context, terms));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await this.settlement.giveBack(decision, error.message, correlationId);
      return refusedBy(error);
    }
    await this.commands.execute(new SendAutomaticStop(id, decisionId, correlationId));
    const became = await this.settlement.settle({ workerId: id, decisionId }, correlationId);
    if (became === 'withdrawn') return { action: 'stop-refused', reason: WITHDRAWN };
    return { action: 'stop', reason };
  }
}
