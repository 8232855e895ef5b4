import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { FLEET } from '../../kernel/reach';
import { CmlError, type CmlFailure } from '../../telemetry';
import { LabNotFound, WorkerIsToEnd } from '../domain/lab-errors';
import { mustReachLab } from '../domain/lab-reach';
import { type AskedLab, type LabAnswer, type LabRequest } from '../domain/lab-events';
import { LabActsRepository } from '../domain/ports';
import { type LabReading } from './get-lab.query';
import { type Lab, LabClient } from './lab-client';
import { LabServers, type ReachedWorker } from './lab-servers';

/**
 * Starts or stops a lab, by a person's word. Answers the lab as it was before: CML accepts at once and takes its time.
 * @throws WorkerNotFound, WorkerDoesNotRun, WorkerIsToEnd, LabNotFound, CmlError
 */
export class ControlLab extends Command<LabReading> {
  constructor(
    readonly workerId: string,
    readonly labId: string,
    readonly request: LabRequest,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** After these nobody knows whether the server has heard it. */
const UNHEARD: readonly CmlFailure[] = ['unreachable', 'timeout', 'not-ready'];

/** CML's words may be long. */
const MESSAGE_LENGTH = 500;

/** Who and why is stored before CML is asked, and after it what CML said. */
@CommandHandler(ControlLab)
export class ControlLabHandler implements ICommandHandler<ControlLab> {
  constructor(
    private readonly servers: LabServers,
    private readonly client: LabClient,
    private readonly acts: LabActsRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute(command: ControlLab): Promise<LabReading> {
    const { workerId, labId, request, context } = command;
    const { reach = FLEET } = context;
    const reached = await this.servers.reach(workerId, reach);
    const { worker } = reached;
    mustReachLab(reach, worker, labId);
    if (request === 'start' && worker.desired.state !== 'RUNNING') throw new WorkerIsToEnd(worker);
    const observedAt = this.clock.now();
    const lab = await this.client.get(reached.server, labId);
    if (!lab) throw notOn(reached, labId);
    await this.recordRequest(command, lab);
    await this.send(command, reached);
    return { lab, observedAt };
  }

  private async send(command: ControlLab, reached: ReachedWorker): Promise<void> {
    const { labId, request } = command;
    const { server } = reached;
    try {
      const isThere = await (request === 'start'
        ? this.client.start(server, labId)
        : this.client.stop(server, labId));
      await this.recordAnswer(command, isThere ? 'accepted' : 'not-found', null);
      if (!isThere) throw notOn(reached, labId);
    } catch (error) {
      if (error instanceof CmlError)
        await this.recordAnswer(
          command,
          UNHEARD.includes(error.failure) ? 'unknown' : 'refused',
          error.message,
        );
      throw error;
    }
  }

  private recordRequest({ workerId, request, context }: ControlLab, lab: Lab): Promise<void> {
    const asked: AskedLab = { labId: lab.id, title: lab.title, owner: lab.owner };
    return this.acts.record(workerId, context, (acts) =>
      acts.requested(request, asked, context.actor, this.clock.now()),
    );
  }

  private recordAnswer(
    { workerId, labId, request, context }: ControlLab,
    answer: LabAnswer,
    words: string | null,
  ): Promise<void> {
    const message = words && words.slice(0, MESSAGE_LENGTH);
    const own = { ...context, commandId: derivedId(context.commandId, 'answered') };
    return this.acts.record(workerId, own, (acts) =>
      acts.answered({ labId, request }, { answer, message }, this.clock.now()),
    );
  }
}

function notOn({ worker }: ReachedWorker, labId: string): LabNotFound {
  return new LabNotFound(labId, `the CML server of ${worker.name} does not know it.`);
}
