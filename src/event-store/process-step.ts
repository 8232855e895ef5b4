import { type CommandContext, systemContext } from '../kernel/command-context';
import { type DomainEvent } from '../kernel/domain-event';
import { derivedId } from '../kernel/ids';
import { type EventDecoder } from './ports';
import { type SubscriptionDefinition } from './subscription-ports';

/** What a part of the system does about events, durably: at least once for each, in order within a stream. */
export interface ProcessStep {
  /** `free-worker-keys`: part of the name of its subscription, and of the actor of what it does */
  readonly name: string;
  /** kind of the streams whose events it is about */
  readonly kind: string;
  /** position of the log after which a new step begins; 0 for one that looks at what happened before, too */
  readonly startAfter: number;
  /**
   * Gets each event with a context for the command that follows from it: the command's id is derived from step and event,
   * so that a repetition finds what it did before. What it throws puts the stream aside for later tries.
   */
  readonly on: (event: DomainEvent, context: CommandContext) => Promise<void>;
}

/** The subscription `process:<name>` of a step. */
export function processStep(
  { name, kind, startAfter, on }: ProcessStep,
  decoder: EventDecoder,
): SubscriptionDefinition {
  const subscription = `process:${name}`;
  return {
    name: subscription,
    startAfter,
    kind,
    handle: async ({ commit }) => {
      for (const event of decoder.decode(commit)) {
        const { correlationId } = commit.meta;
        const causationId = event.record?.id ?? commit.id;
        const commandId = derivedId(subscription, causationId);
        await on(event, systemContext(name, commandId, { correlationId, causationId }));
      }
    },
  };
}
