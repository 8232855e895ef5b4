import { Injectable, Logger } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Installation } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { DomainError, StoreUnavailable } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { type OperationHandler, type OperationRun, type OperationSuccess } from '../../operations';
import { ListOrphans } from '../../orphans';
import {
  AlreadyManaged,
  ComputeError,
  GetActiveWorkers,
  ImportWorker,
  importedWorkerId,
  ManagedElsewhere,
} from '../../workers';
import { type DiscoveryOrder, type FoundInstance, LISTED_AT_MOST } from '../domain/discovery';
import { NoRegionRead } from '../domain/discovery-errors';
import { DiscoveryResult } from '../domain/discovery-result';
import { InstanceFinder } from '../domain/ports';

/** Imports after which the result is stored again: it lists up to thousands of instances, and so is dear to write. */
const STORED_EACH = 50;

/** One discovery under way. */
interface Discovery {
  readonly run: OperationRun;
  readonly order: DiscoveryOrder;
  readonly result: DiscoveryResult;
  /** regions that are done, 0 to 1 */
  progress: number;
  /** imports since the result was stored */
  unstored: number;
}

/**
 * Looks for instances region by region and page by page, and imports those without a worker where that is wanted. Begun
 * anew it finds what it imported before: the worker of an import is derived from operation and instance.
 */
@Injectable()
export class DiscoveryHandler implements OperationHandler {
  readonly kind = 'discovery';
  /** each goes over whole regions by calls that are budgeted anyway */
  readonly atOnce = 4;
  readonly role = 'admin';
  private readonly logger = new Logger('Discovery');

  constructor(
    private readonly finder: InstanceFinder,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly installation: Installation,
  ) {}

  async run(run: OperationRun): Promise<OperationSuccess> {
    const order = run.operation.input as unknown as DiscoveryOrder;
    const discovery: Discovery = { run, order, result: new DiscoveryResult(), progress: 0, unstored: 0 };
    const { result } = discovery;
    for (const [index, region] of order.awsRegions.entries()) {
      discovery.progress = index / order.awsRegions.length;
      await this.goOver(region, discovery);
    }
    if (result.failedRegions.length === order.awsRegions.length) {
      await run.report({ progress: 1, message: result.sentence, result: result.view });
      throw new NoRegionRead(result.failedRegions);
    }
    const orphans = await this.orphansIn(order.awsRegions);
    return { message: result.sentence, result: { ...result.view, orphans } };
  }

  /** What AWS refuses is told in the result, and keeps no other region from its turn. */
  private async goOver(region: string, discovery: Discovery): Promise<void> {
    await this.store(region, discovery);
    // once: a worker that comes into being meanwhile refuses the import of its instance
    const owners = await this.ownersIn(region);
    try {
      for await (const found of this.finder.find(region, discovery.order.filter)) {
        await this.takePage(region, found, owners, discovery);
        await this.store(region, discovery);
      }
    } catch (error) {
      if (!(error instanceof ComputeError)) throw error;
      const { code, message } = error;
      discovery.result.failedRegions.push({ awsRegion: region, code, message });
    }
  }

  private async takePage(
    region: string,
    found: readonly FoundInstance[],
    owners: ReadonlyMap<string, string>,
    discovery: Discovery,
  ): Promise<void> {
    const ours = await this.installation.id();
    for (const it of found) {
      const instance = it.installationId === ours ? { ...it, installationId: null } : it;
      const managedBy = owners.get(instance.awsInstanceId) ?? null;
      const context = importContext(discovery.run, instance);
      const isOurs = managedBy === importedWorkerId(context);
      if (!discovery.order.import || (managedBy !== null && !isOurs)) {
        discovery.result.saw({ ...instance, managedBy });
      } else {
        if (discovery.unstored >= STORED_EACH) await this.store(region, discovery);
        else await this.tell(region, discovery);
        await this.import(instance, context, discovery.result);
        discovery.unstored += 1;
      }
    }
  }

  /** Before each step that has an effect: the operation may be somebody else's by now, or cancelled. */
  private tell(region: string, { run, result, progress }: Discovery): Promise<void> {
    return run.report({ progress, message: `${region}: ${result.sentence}` });
  }

  /** The same, with all that came of it: what one that is cancelled or begun anew shows in the meantime. */
  private async store(region: string, discovery: Discovery): Promise<void> {
    const { run, result, progress } = discovery;
    await run.report({ progress, message: `${region}: ${result.sentence}`, result: result.view });
    discovery.unstored = 0;
  }

  private async import(
    instance: FoundInstance,
    context: CommandContext,
    result: DiscoveryResult,
  ): Promise<void> {
    const { awsRegion, awsInstanceId, installationId } = instance;
    const options = { distinguish: true };
    try {
      // AWS need not be asked again about what the listing shows to be somebody else's
      if (installationId !== null) throw new ManagedElsewhere(awsRegion, awsInstanceId, installationId);
      const { id, name } = await this.commands.execute(
        new ImportWorker(awsRegion, awsInstanceId, null, context, options),
      );
      result.saw({ ...instance, managedBy: id });
      result.didImport({ awsRegion, awsInstanceId, workerId: id, name });
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      const isManaged = error instanceof AlreadyManaged && error.taken === 'instance';
      result.saw({ ...instance, managedBy: isManaged ? error.workerId : null });
      if (!isManaged) result.couldNotImport({ awsRegion, awsInstanceId, ...this.reasonOf(error) });
    }
  }

  private reasonOf(error: unknown): { code: string; message: string } {
    if (error instanceof DomainError) return { code: error.code, message: error.message };
    this.logger.error({ err: error }, 'failed to import an instance');
    return { code: 'internal-error', message: 'A fault of ours. The log has more.' };
  }

  private async ownersIn(region: string): Promise<ReadonlyMap<string, string>> {
    const workers = await this.queries.execute(new GetActiveWorkers(region));
    return new Map(
      workers.flatMap(({ awsInstanceId, id }) =>
        awsInstanceId === null ? [] : [[awsInstanceId, id] as const],
      ),
    );
  }

  /** Those that are known: they are looked for at their own pace. */
  private async orphansIn(awsRegions: readonly string[]) {
    const limit = LISTED_AT_MOST + 1;
    const found = await this.queries.execute(
      new ListOrphans({ kinds: null, awsRegions, after: null, limit }),
    );
    const items = found.slice(0, LISTED_AT_MOST).map(({ id, kind, awsRegion, resourceId, details }) => {
      return { id, kind, awsRegion, resourceId, name: details.name, workerId: details.workerId };
    });
    return { items, more: found.length > LISTED_AT_MOST };
  }
}

function importContext(
  { operation }: OperationRun,
  { awsRegion, awsInstanceId }: FoundInstance,
): CommandContext {
  const { id, actor, correlationId } = operation;
  const commandId = derivedId(id, awsRegion, awsInstanceId);
  return { actor, reason: 'found by a discovery', correlationId, causationId: id, commandId };
}
