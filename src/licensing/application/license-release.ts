import { type LabShutdown } from '../../labs';
import { type OperationRun } from '../../operations';
import { CmlError } from '../../telemetry';
import { LicenseFailed } from '../domain/license-errors';
import { POLL_MS } from '../domain/license-step';
import { ANSWER_LOST, releaseStep } from '../domain/release-plan';
import { type WorkerLicense } from '../domain/worker-license';
import { type Deregistration } from './licensing-client';
import { beginTurn, type LicenseTurn, Overtaken, SENTENCES, sendOnce } from './license-turn';
import { contextOf, type LicenseServices, pause } from './license-work';

export const CISCO_NOT_REACHED =
  'the server forgot its licence, and could not tell Cisco’s Smart Licensing so: remove the product instance there';

/** So often labs are stopped that somebody starts again. */
const MOST_SHUTDOWNS = 3;

/** One run of an operation that gives a licence back: turn by turn, until the server has none, or keeps it. */
export class LicenseRelease {
  private readonly since: Date;
  private shutdowns = 0;

  constructor(
    private readonly services: LicenseServices,
    private readonly labs: LabShutdown,
    private readonly run: OperationRun,
    private readonly workerId: string,
    private readonly signal: AbortSignal = run.signal,
  ) {
    this.since = services.clock.now();
  }

  /** The licence with its end noted. @throws LicenseFailed, CmlError, what stores throw */
  async toEnd(): Promise<WorkerLicense> {
    const { services, run, workerId } = this;
    const operationId = run.operation.id;
    for (;;) {
      this.signal.throwIfAborted();
      const known = await services.licenses.of(workerId);
      if (known.endOf(operationId)) return known;
      const turn = await beginTurn(services, run, workerId);
      const { values: server, now } = turn;
      const step = releaseStep({ memory: turn.license.state, since: this.since, server, now });
      await run.report({ progress: step.do === 'poll' ? 0.3 : 0.6, message: SENTENCES[step.do] });
      switch (step.do) {
        case 'deregister':
          await this.deregister(turn);
          break;
        case 'poll':
          await pause(services, POLL_MS, this.signal);
          break;
        case 'left-over':
          await this.note('left-over', step.reason);
          break;
        case 'done':
          await this.note('not-registered');
          break;
        case 'fail':
          throw new LicenseFailed(step.code, step.message);
        default:
          throw new Error(`a release has no step ${step.do}`);
      }
    }
  }

  private async deregister(turn: LicenseTurn): Promise<void> {
    const { client } = this.services;
    const wasSent = turn.license.state.sent?.call === 'deregister';
    const call = { call: 'deregister', source: null } as const;
    try {
      const outcome = await sendOnce(this.services, this.run, turn, call, () =>
        client.deregister(turn.server),
      );
      if (outcome === null) return;
      // what was not registered by now was so when it was first told to deregister, and that answer is lost
      const isUnclear = outcome === 'not-registered' && wasSent;
      await this.note(isUnclear ? 'left-over' : outcome, isUnclear ? ANSWER_LOST : CISCO_NOT_REACHED);
    } catch (error) {
      if (error instanceof Overtaken) return;
      if (!(error instanceof CmlError) || error.failure !== 'nodes-running') throw error;
      await this.stopLabs(turn, error);
    }
  }

  private async stopLabs({ worker, license }: LicenseTurn, { message }: CmlError): Promise<void> {
    if (!license.state.request?.stopLabs || this.shutdowns === MOST_SHUTDOWNS) {
      throw new LicenseFailed(
        'license-nodes-running',
        `CML gives no licence back while nodes run: ${message} Stop the labs first, or repeat with "stopLabs": true.`,
      );
    }
    this.shutdowns += 1;
    await this.run.report({ progress: 0.4, message: 'stops the labs' });
    await this.labs.stopAll(worker, { signal: this.signal });
  }

  private async note(outcome: Deregistration, reason = CISCO_NOT_REACHED): Promise<void> {
    const { licenses, clock } = this.services;
    const { id } = this.run.operation;
    await licenses.update(this.workerId, contextOf(this.run, 'released'), (license) => {
      if (outcome === 'left-over') license.leftOver(reason, id, clock.now());
      else license.released(outcome, id, clock.now());
    });
  }
}
