import { type CommandContext } from '../../kernel/command-context';
import { PreconditionFailed } from '../../kernel/domain-error';
import { type CmlWorker } from '../domain/cml-worker';
import { type Wish } from '../domain/wishes';

/** The command's actor and reason as the wish that the aggregate records. */
export function wishOf(context: CommandContext, at: Date): Wish {
  return { by: context.actor, reason: context.reason, at };
}

/** @throws PreconditionFailed when a person's or an intent's change came after what the client has seen */
export function mustBeAt(worker: CmlWorker, expectedRevision: number | null): void {
  if (expectedRevision === null || worker.state.revision === expectedRevision) return;
  throw new PreconditionFailed(
    `${worker.state.name} is at version ${worker.state.revision}, not ${expectedRevision}: ` +
      `load it again, and repeat with the ETag that comes with it.`,
    { version: worker.state.revision },
  );
}
