import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId, type IdSource } from '../../kernel/ids';
import { type Timers } from '../../kernel/timers';
import { type OperationRun } from '../../operations';
import { type SecretVault } from '../../secrets';
import { type CmlServers } from '../../telemetry';
import { type WorkerLicenses } from '../domain/worker-license-ports';
import { type LicensePools } from './license-pools';
import { type LicensingClient } from './licensing-client';

/** What operations on licences work with. */
export interface LicenseServices {
  readonly licenses: WorkerLicenses;
  readonly pools: LicensePools;
  readonly client: LicensingClient;
  readonly servers: Pick<CmlServers, 'of'>;
  readonly vault: SecretVault;
  readonly commands: Pick<CommandBus, 'execute'>;
  readonly queries: Pick<QueryBus, 'execute'>;
  readonly clock: FleetClock;
  readonly ids: IdSource;
  readonly timers: Timers;
}

/** Context of something that an operation does, on behalf of whoever asked for it: once for the same words. */
export function contextOf(
  { operation }: Pick<OperationRun, 'operation'>,
  ...words: string[]
): CommandContext {
  const { id, actor, correlationId } = operation;
  return { actor, reason: null, correlationId, causationId: id, commandId: derivedId(id, ...words) };
}

/** Context of something that it may have to do several times, and that tells by its own state whether it is done. */
export function contextOfTry(run: Pick<OperationRun, 'operation'>, ids: IdSource): CommandContext {
  return { ...contextOf(run), commandId: ids.next() };
}

/** Fleet milliseconds; over early when the run is broken off, whose next report then ends it. */
export function pause(
  { clock, timers }: Pick<LicenseServices, 'clock' | 'timers'>,
  fleetMs: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = timers.after(clock.toMachineMs(fleetMs), done);
    signal.addEventListener('abort', done, { once: true });
  });
}
