import { firstBroken } from '../../commit-chain';
import { type Commit } from '../../ports';
import { aggregateIdOf, streamOf } from '../../stream-name';
import { Book, BookMoved, BookPlaced } from '../books';
import { EventRegistry } from '../../event-decoder';
import { type LogLine } from '../../tables';
import { type Model } from './model';
import { PROJECTION } from './subscriber';

const STREAMS = ['b0', 'b1', 'b2'].map((id) => streamOf('book', id));

/** Looks, when everything rests, whether all is there once and in order, and has the witness note what is not. */
export async function verdict(model: Model): Promise<void> {
  const { commits, log, parked } = model.tables;
  const streams = await Promise.all(
    STREAMS.map((stream) => commits.ofStream(stream, { afterVersion: 0, until: null, limit: null })),
  );
  for (const stream of streams) judgeStream(model, stream);
  const all = streams.flat();
  judgeCommands(model, all);
  judgeLog(model, await log.read(0, Infinity, {}), all);
  for (const stream of STREAMS) {
    judgeDelivery(model, stream, all);
    if (model.subscriptions.includes(PROJECTION)) judgeShelves(model, stream, all);
  }
  for (const name of model.subscriptions) {
    for (const { stream } of await parked.of(name)) {
      model.witness.note('something is still put aside in the end', `${stream} for ${name}`);
    }
  }
}

function judgeStream({ witness, seal }: Model, commits: readonly Commit[]): void {
  let before: Commit | null = null;
  for (const commit of commits) {
    const contiguous = commit.first === (before?.last ?? 0) + 1;
    witness.expect(contiguous, 'the versions of a stream have gaps or doubles', () => commit.id);
    const later = before === null || commit.at > before.at;
    witness.expect(later, 'time runs back in a stream', () => commit.id);
    before = commit;
  }
  const broken = firstBroken(commits, seal);
  witness.expect(broken === null, 'a seal is broken', () => `of ${broken?.id}`);
}

function judgeCommands({ client, witness }: Model, commits: readonly Commit[]): void {
  for (const command of client.commands) {
    const made = commits.filter(({ commitId }) => commitId === command.id).length;
    const outcome = client.outcomeOf(command);
    witness.expect(made <= 1, 'a command is applied twice', () => command.id);
    const kept = outcome !== 'acknowledged' || made > 0;
    witness.expect(kept, 'an acknowledged command is lost', () => command.id);
    const honest = outcome !== 'refused' || made === 0;
    witness.expect(honest, 'a command was refused that is there', () => command.id);
  }
}

function judgeLog(model: Model, lines: readonly LogLine[], commits: readonly Commit[]): void {
  const { witness, logSeal, taken } = model;
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  const reached = new Map<string, number>();
  let before: LogLine | null = null;
  for (const [index, line] of lines.entries()) {
    const what = () => `${line.commit} at ${line.position}, the ${index + 1}th line`;
    const commit = byId.get(line.commit);
    witness.expect(line.position === index + 1, 'the positions of the log have gaps or doubles', what);
    const sound = commit !== undefined && logSeal.verify(line, commit.hash, before);
    witness.expect(sound, 'a seal is broken', what);
    const inOrder = (commit?.first ?? 0) > (reached.get(line.stream) ?? 0);
    witness.expect(inOrder, 'a stream stands out of order in the log', what);
    reached.set(line.stream, commit?.first ?? 0);
    const read = taken[index];
    const same = read?.position === line.position && read.commit === line.commit;
    witness.expect(same, 'a reader missed an entry', what);
    before = line;
  }
  for (const { id } of commits) {
    const times = lines.filter(({ commit }) => commit === id).length;
    witness.expect(times === 1, 'a commit stands in the log not once', () => `${id}: ${times} times`);
  }
}

function judgeDelivery({ receiver, witness }: Model, stream: string, all: readonly Commit[]): void {
  const commits = all.filter((commit) => commit.stream === stream);
  for (const { id } of commits.flatMap(({ events }) => events)) {
    witness.expect(receiver.countOf(id) > 0, 'an event was never delivered', () => `${id} of ${stream}`);
  }
  const firsts = receiver.firstOf(stream);
  const inOrder = firsts.every((version, index) => index === 0 || version > (firsts[index - 1] ?? 0));
  const disorder = 'events of a stream were first delivered out of order';
  witness.expect(inOrder, disorder, () => `${stream}: ${firsts.join(', ')}`);
}

function judgeShelves({ tables, witness }: Model, stream: string, all: readonly Commit[]): void {
  const decoder = new EventRegistry();
  decoder.register([BookPlaced, BookMoved]);
  const id = aggregateIdOf(stream);
  const events = all.filter((commit) => commit.stream === stream).flatMap((commit) => decoder.decode(commit));
  const replayed = events.length > 0 ? Book.restore(id, events, null) : null;
  const [shown, expected] = [tables.shelves.find(id), replayed].map((book) =>
    JSON.stringify(book && [book.version, book.state]),
  );
  const harm = 'the read model is not what the streams say';
  witness.expect(shown === expected, harm, () => `${shown}, ${expected}`);
}
