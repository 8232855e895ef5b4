import { CloudEvent } from 'cloudevents';
import { attributesOf, toCloudEvent } from './cloud-event';
import { type Installation } from './installation';
import { type Commit, type EventDecoder } from './ports';
import { type ReportError } from './report-error';
import { UnknownEvent } from './store-errors';
import { aggregateIdOf } from './stream-name';

/** What the outside sees of commits: of every event, those that this program cannot read as well. */
export class PublicEvents {
  constructor(
    private readonly decoder: EventDecoder,
    private readonly installation: Pick<Installation, 'id'>,
    private readonly report: ReportError,
  ) {}

  /**
   * The commit's events in their order. One that cannot be read, as another version of this program wrote it, keeps the
   * type and the schema that are stored, and its data is null: nobody here knows what of it must be hidden.
   * @throws StoreUnavailable
   */
  async of(commit: Commit): Promise<CloudEvent<unknown>[]> {
    const installation = await this.installation.id();
    return commit.events.map((_, index) => this.shown(commit, index, installation));
  }

  private shown(commit: Commit, index: number, installation: string): CloudEvent<unknown> {
    const events = commit.events.slice(index, index + 1);
    const version = commit.first + index;
    try {
      const [event] = this.decoder.decode({ ...commit, events, first: version, last: version });
      if (event) return toCloudEvent(event, installation);
    } catch (error) {
      if (!(error instanceof UnknownEvent)) this.report(error, `read event ${version} of ${commit.stream}`);
    }
    return withheld(commit, index, installation);
  }
}

function withheld(commit: Commit, index: number, installation: string): CloudEvent<unknown> {
  const stored = commit.events[index];
  if (!stored) throw new RangeError(`${commit.id} has no event ${index}`);
  const { id, type, schema } = stored;
  const record = { ...commit.meta, id, version: commit.first + index, at: commit.at };
  const subject = { type, schema, aggregateId: aggregateIdOf(commit.stream) };
  return new CloudEvent<unknown>({ ...attributesOf(subject, record, installation), data: null });
}
