import { type ICommand } from '@nestjs/cqrs';
import { MINUTE } from '../../kernel/clocks';
import { RecordCertificate, UpdateServiceStatus, UpdateTelemetry, type WorkerState } from '../../workers';
import { PUBLIC_IP, type WorkerBuilder } from '../../workers/testing/worker.builder';
import { CML_SOURCES } from '../domain/cml-source';
import { type FakeCml } from './fake-cml';
import { CONTEXT, telemetryBench } from './telemetry-bench';

type CmlWorker = ReturnType<WorkerBuilder['build']>;

/**
 * A worker that is told what was read of its CML server, each minute, as the command handlers tell it. Its server
 * answers by its certificate: under another pin the reading fails, as the real client's does.
 */
export class ObservedWorker {
  readonly bench = telemetryBench();

  private readonly worker: CmlWorker;

  constructor(past: WorkerBuilder) {
    this.worker = past.build();
  }

  get state(): WorkerState {
    return this.worker.state;
  }

  get events(): string[] {
    return this.worker.uncommitted.map(({ type }) => type);
  }

  answer(given: Parameters<FakeCml['set']>[1]): void {
    this.bench.cml.set(PUBLIC_IP, given);
  }

  /** Answers the service status after each reading. */
  async minutes(count: number, before: (minute: number) => void = () => {}): Promise<string[]> {
    const { observer, clock, commands } = this.bench;
    const statuses: string[] = [];
    for (let minute = 0; minute < count; minute += 1) {
      clock.advance(MINUTE);
      before(minute);
      const reachable = observer.reachable(this.state);
      if (!reachable) throw new Error('it cannot be asked');
      commands.executed.length = 0;
      await observer.observe(reachable, { sources: CML_SOURCES }, CONTEXT);
      for (const command of commands.executed) this.tell(command);
      statuses.push(this.state.serviceStatus);
    }
    return statuses;
  }

  /** What a person does meanwhile. */
  do(act: (worker: CmlWorker, now: Date) => unknown): void {
    act(this.worker, this.bench.clock.now());
  }

  private tell(command: ICommand): void {
    const now = this.bench.clock.now();
    if (command instanceof RecordCertificate) {
      this.worker.observeCertificate(command.fingerprint, now);
    } else if (command instanceof UpdateServiceStatus) {
      this.worker.updateServiceStatus(command.status, command.httpsEndpoint, now, command.finding);
      if (command.cmlVersion) this.worker.updateVersion(command.cmlVersion, now);
    } else if (command instanceof UpdateTelemetry) {
      this.worker.updateTelemetry(command.reading, now);
    } else {
      throw new Error('a command that nobody expects');
    }
  }
}
