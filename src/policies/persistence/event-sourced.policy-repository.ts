import {
  type AggregateStore,
  type EventDecoder,
  type EventStore,
  ReservedKeys,
  type Reservations,
  streamOf,
} from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { type PolicyVersion, PolicyRepository } from '../domain/ports';
import { PolicyNameTaken, PolicyNotFound } from '../domain/policy-errors';
import { type PolicyEvent } from '../domain/policy-events';
import { asPlain, detailsOf, type PolicyState, type WrittenPolicy } from '../domain/written-policy';
import { changesBetween } from '../domain/value-changes';
import { POLICY_DEFINITION } from './policy-definition';

const PREFIX = 'idle-policy-name:';

/** Policies by their streams; names are unique by reservations. */
export class EventSourcedPolicyRepository extends PolicyRepository {
  private readonly names: ReservedKeys<WrittenPolicy, PolicyState>;

  constructor(
    private readonly policies: AggregateStore<WrittenPolicy, PolicyState>,
    private readonly store: EventStore,
    private readonly decoder: EventDecoder,
    reservations: Reservations,
  ) {
    super();
    this.names = new ReservedKeys({
      ...{ definition: POLICY_DEFINITION, aggregates: policies, reservations, keysOf },
      taken: (key, holder) => new PolicyNameTaken(key.slice(PREFIX.length), holder),
    });
  }

  async add(policy: WrittenPolicy, context: CommandContext): Promise<WrittenPolicy> {
    const before = await this.policies.load(policy.id);
    if (before) return before.aggregate;
    await this.names.take(policy);
    return (await this.policies.create(policy, context)).aggregate;
  }

  async find(id: string): Promise<WrittenPolicy | null> {
    return (await this.policies.load(id))?.aggregate ?? null;
  }

  async get(id: string): Promise<WrittenPolicy> {
    const policy = await this.find(id);
    if (!policy || policy.isDeleted) throw new PolicyNotFound(id);
    return policy;
  }

  async put(
    policy: WrittenPolicy,
    context: CommandContext,
    decide: (present: WrittenPolicy) => void,
  ): Promise<WrittenPolicy> {
    if (await this.find(policy.id)) return this.update(policy.id, context, decide);
    return (await this.policies.create(policy, context)).aggregate;
  }

  async update(
    id: string,
    context: CommandContext,
    decide: (policy: WrittenPolicy) => void,
  ): Promise<WrittenPolicy> {
    let before: string[] = [];
    const { aggregate } = await this.policies.change(id, context, async (policy) => {
      before = keysOf(policy.state);
      decide(policy);
      await this.names.take(policy, before);
    });
    await this.names.free(aggregate, before);
    return aggregate;
  }

  async versions(id: string): Promise<PolicyVersion[]> {
    const commits = await this.store.load(streamOf(POLICY_DEFINITION.streamPrefix, id));
    const events = commits.flatMap((commit) => this.decoder.decode(commit)) as PolicyEvent[];
    return events.map((event, index) => versionOf(event, index + 1));
  }

  async keepNames(ids: readonly string[]): Promise<string[]> {
    const contested: string[] = [];
    for (const id of ids) {
      const policy = await this.find(id);
      if (policy) contested.push(...(await this.names.retake(policy)));
    }
    return contested.map((key) => key.slice(PREFIX.length));
  }

  sweepNames(takenBefore: Date): Promise<number> {
    return this.names.sweep(takenBefore);
  }
}

function versionOf(event: PolicyEvent, version: number): PolicyVersion {
  if (!event.record) throw new RangeError(`version ${version} of ${event.aggregateId} is not stored`);
  const { at, actor: by, reason } = event.record;
  return { version, ...writtenBy(event), at, by, reason };
}

function writtenBy(event: PolicyEvent): Pick<PolicyVersion, 'details' | 'changed'> {
  switch (event.type) {
    case 'idle-policy.created': {
      const details = detailsOf(event.data);
      return { details, changed: changesBetween({}, asPlain(details)).map(({ pointer }) => pointer) };
    }
    case 'idle-policy.updated':
      return { details: detailsOf(event.data), changed: event.data.changed };
    case 'idle-policy.deleted':
      return { details: null, changed: [] };
  }
}

/** What no two named policies may have at once; a deleted one holds nothing. */
function keysOf({ scope, name, deletedAt }: PolicyState): string[] {
  return scope === 'named' && !deletedAt ? [PREFIX + name.toLowerCase()] : [];
}
