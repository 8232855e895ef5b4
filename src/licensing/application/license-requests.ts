import { Injectable } from '@nestjs/common';
import { FleetClock, HOUR, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { hasEnded, type Operation, operationId, Operations } from '../../operations';
import { isDown, type WorkerState } from '../../workers';
import { LicenseBusy, LicenseNotPossible } from '../domain/license-errors';
import { type Asking, type WorkerLicense } from '../domain/worker-license';
import { WorkerLicenses } from '../domain/worker-license-ports';
import { type LicenseOperationKind, type LicenseRequest } from '../domain/worker-license-state';
import { Overtaken } from './license-turn';

/** After that (fleet time) an operation that nobody knows of was not lost on its way, but is forgotten since its end. */
const FORGOTTEN_AFTER_MS = HOUR;

/** What is asked of a licence is noted on it, and becomes an operation; one at a time for each worker. */
@Injectable()
export class LicenseRequests {
  constructor(
    private readonly licenses: WorkerLicenses,
    private readonly operations: Operations,
    private readonly clock: FleetClock,
  ) {}

  /**
   * Noted first: should the process die before the operation is accepted, a step accepts it by what is noted.
   * @throws LicenseBusy while another operation is at work on it, and what `note` throws
   */
  async ask(
    workerId: string,
    kind: LicenseOperationKind,
    context: CommandContext,
    note: (license: WorkerLicense, asking: Asking) => void,
  ): Promise<Operation> {
    const id = operationId(kind, context.commandId);
    const asking = { operationId: id, requestedBy: context.actor, requestedAt: this.clock.now() };
    while (!(await this.isNoted(workerId, context, asking, note)));
    return this.operations.accept({ kind, workerId, input: {}, id }, context);
  }

  /** False where another request came in between. */
  private async isNoted(
    workerId: string,
    context: CommandContext,
    asking: Asking,
    note: (license: WorkerLicense, asking: Asking) => void,
  ): Promise<boolean> {
    const earlier = (await this.licenses.of(workerId)).state.request;
    const isAnother = earlier !== null && earlier.operationId !== asking.operationId;
    if (isAnother && (await this.isUnderWay(earlier))) throw new LicenseBusy(earlier.operationId);
    try {
      await this.licenses.update(workerId, context, (license) => {
        if (license.state.request?.operationId !== earlier?.operationId) throw new Overtaken('asked at once');
        note(license, asking);
      });
      return true;
    } catch (error) {
      if (error instanceof Overtaken) return false;
      throw error;
    }
  }

  private async isUnderWay({ operationId: id, at }: LicenseRequest): Promise<boolean> {
    const operation = await this.operations.find(id);
    return operation ? !hasEnded(operation) : this.clock.now() < plus(at, FORGOTTEN_AFTER_MS);
  }
}

/** @throws LicenseNotPossible for a worker whose server does not run, and will not soon */
export function mustHaveServer({ name, status, desired }: WorkerState): void {
  if (desired.state === 'TERMINATED' || status === 'TERMINATED') {
    throw new LicenseNotPossible(name, 'being terminated', 'Its licence is given back with it.');
  }
  if (isDown(status)) throw new LicenseNotPossible(name, status, 'Start it first: its server does it.');
}
