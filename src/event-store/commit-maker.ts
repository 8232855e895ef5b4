import { type FleetClock, latest, plus } from '../kernel/clocks';
import { derivedId } from '../kernel/ids';
import { plainData } from './plain-data';
import { type AppendRequest, type Commit, type CommitSeal } from './ports';
import { commitIdOf } from './stream-name';

/** Makes the commit that an append writes: the same for every kind of store. */
export class CommitMaker {
  constructor(
    private readonly clock: FleetClock,
    private readonly seal: CommitSeal,
  ) {}

  /**
   * `at` never runs back within a stream, whatever the clocks of the machines that write to it say: the log places
   * commits by it. Event ids are derived, so that a repeated command makes the same ones.
   * @throws RangeError without events, TypeError for data that cannot be stored
   */
  make({ stream, head, events, context }: AppendRequest): Commit {
    if (events.length === 0) throw new RangeError(`nothing to append to ${stream}`);
    const { commandId, actor, reason, correlationId, causationId } = plainData(context);
    const first = head.version + 1;
    const commit = {
      id: commitIdOf(stream, first),
      stream,
      first,
      last: head.version + events.length,
      commitId: commandId,
      events: events.map(({ type, schema, data }, index) => ({
        id: derivedId('event', stream, commandId, String(index)),
        type,
        schema,
        data: plainData(data as Readonly<Record<string, unknown>>, `/events/${index}/data`),
      })),
      meta: { actor, reason, correlationId, causationId },
      at: latest(this.clock.now(), head.at && plus(head.at, 1)) ?? this.clock.now(),
      previousHash: head.hash,
    };
    return { ...commit, hash: this.seal.seal(commit) };
  }
}
