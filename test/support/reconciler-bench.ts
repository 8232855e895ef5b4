import { type AwsClients } from '../../src/adapters/aws/aws-clients';
import { Ec2Compute } from '../../src/adapters/aws/ec2-compute';
import { awsClientsFor } from '../../src/adapters/aws/testing/aws-clients';
import { SequentialIds } from '../../src/kernel/ids';
import { REGION, type SimulatedFleet, startFleet } from '../../src/simulator/testing/simulated-fleet';
import { WorkerReconciler } from '../../src/workers/application/worker-reconciler';
import { type WorkerState } from '../../src/workers/domain/worker-state';
import { FakeLabCensus } from '../../src/workers/testing/fake-lab-census';
import { aNewWorker, commandsOf, memoryWorkers } from '../../src/workers/testing/memory-workers';

const ID = '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11';

/** One worker that is wanted RUNNING, the reconciler, and the simulated EC2 that it talks to. */
export class ReconcilerBench {
  readonly id = ID;
  readonly workers = memoryWorkers();
  readonly command = commandsOf();
  readonly census = new FakeLabCensus();
  readonly reconciler: WorkerReconciler;

  private constructor(
    readonly fleet: SimulatedFleet,
    private readonly clients: AwsClients,
  ) {
    this.reconciler = this.aProcess();
  }

  static async start(): Promise<ReconcilerBench> {
    const fleet = await startFleet();
    const bench = new ReconcilerBench(fleet, awsClientsFor(fleet.awsEndpoint));
    const worker = aNewWorker(ID, { name: 'w', createdAt: fleet.clock.now() });
    await bench.workers.repository.add(worker, bench.command());
    return bench;
  }

  async stop(): Promise<void> {
    this.clients.destroy();
    await this.fleet.stop();
  }

  /** A reconciler as a process has it; a second one knows what is stored, and nothing else. */
  aProcess(policies = { forceOverdueStop: false }): WorkerReconciler {
    const { fleet, workers } = this;
    const ids = new SequentialIds();
    const uniqueIds = { next: () => `${Math.random()}-${ids.next()}` };
    return new WorkerReconciler(
      workers.repository,
      this.compute,
      fleet.clock,
      fleet.machine,
      uniqueIds,
      policies,
      this.census,
    );
  }

  async worker(): Promise<WorkerState> {
    const found = await this.workers.repository.getById(ID);
    if (!found) throw new Error('the worker is gone');
    return found.state;
  }

  /** What the next sweep would see, brought to the worker. */
  async sweep(): Promise<void> {
    const { awsInstanceId } = await this.worker();
    const reading = await this.compute.describe(REGION, awsInstanceId ?? '');
    if (!reading) throw new Error('EC2 does not show the instance');
    const now = this.fleet.clock.now();
    await this.workers.repository.update(ID, this.command(), (found) => {
      found.observe({ ...reading, begunAt: now }, now);
    });
  }

  async untilRunning(): Promise<void> {
    await this.reconciler.reconcile(ID);
    this.fleet.seconds(90);
    await this.sweep();
  }

  get compute(): Ec2Compute {
    const options = { installationId: 'here', imageOwnerIds: [] };
    return new Ec2Compute(this.clients, this.fleet.machine, options);
  }
}
