import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { STORED_KINDS, storedEvents } from '../src/cli/stored-kinds';
import { EventRegistry, kindOf, storeCollection, StreamReplay } from '../src/event-store';
import { type EventForm } from '../src/event-store/event-decoder';
import { HmacCommitSeal } from '../src/event-store/hmac-commit-seal';
import { MongoCommitTable } from '../src/event-store/mongo/mongo-commit-table';
import { type Commit } from '../src/event-store/ports';
import { commitIdOf } from '../src/event-store/stream-name';
import { type MemoryApp, startMemoryApp } from './support/memory-app';
import { openTestDatabase, type TestDatabase } from './support/test-database';

const FOLDER = join(__dirname, 'golden');
const AT = new Date('2026-03-02T08:00:00.000Z');

/** One form of an event as it was stored once, and as what it is read today where that is another form. */
interface GoldenEvent extends EventForm {
  readonly readAs?: EventForm;
}

/** A stream of golden events, and the state that they lead to. */
interface GoldenStream {
  readonly stream: string;
  /** names of golden events */
  readonly events: readonly string[];
  readonly state: object;
}

const read = <T>(path: string): T =>
  mongo.BSON.EJSON.parse(readFileSync(join(FOLDER, path), 'utf8'), { relaxed: true }) as T;
const namesIn = (folder: string) =>
  readdirSync(join(FOLDER, folder))
    .filter((name) => name.endsWith('.json') && name !== 'sums.json')
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
const EVENTS = new Map(namesIn('.').map((name) => [name, read<GoldenEvent>(`${name}.json`)]));
const STREAMS = new Map(namesIn('streams').map((name) => [name, read<GoldenStream>(`streams/${name}.json`)]));

/** Of the values, whatever the layout of the file. */
function sumOf(name: string): string {
  const { type, schema, data } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as EventForm;
  return createHash('sha256')
    .update(JSON.stringify([type, schema, data]))
    .digest('hex');
}

const seal = new HmacCommitSeal([{ kid: 'golden', key: Buffer.alloc(32, 9) }]);

/** What is stored for the events, one commit each, as documents of es_commits. */
function documentsOf(stream: string, names: readonly string[]): object[] {
  let previousHash: string | null = null;
  return names.map((name, index) => {
    const { type, schema, data } = EVENTS.get(name) ?? fail(`${name} has no file`);
    const version = index + 1;
    const commit: Omit<Commit, 'hash'> = {
      ...{ id: commitIdOf(stream, version), stream, first: version, last: version, commitId: `c-${version}` },
      events: [{ id: `e-${version}`, type, schema, data }],
      meta: { actor: 'user:ann', reason: null, correlationId: 'c', causationId: null },
      ...{ at: new Date(AT.getTime() + version), previousHash },
    };
    previousHash = seal.seal(commit);
    const { id: _id, ...rest } = commit;
    return { _id, ...rest, hash: previousHash, sequenced: true };
  });
}

function fail(message: string): never {
  throw new Error(message);
}

describe('every form of an event that was ever stored', () => {
  let app: MemoryApp;
  let database: TestDatabase;
  let registry: EventRegistry;
  let commits: MongoCommitTable;

  beforeAll(async () => {
    [app, database] = await Promise.all([startMemoryApp(), openTestDatabase()]);
    registry = app.app.get(EventRegistry);
    commits = new MongoCommitTable(database.connection);
    const documents = [
      ...[...EVENTS.keys()].flatMap((name) => documentsOf(`golden-${name}`, [name])),
      ...[...STREAMS.values()].flatMap(({ stream, events }) => documentsOf(stream, events)),
    ];
    await storeCollection(database.connection, 'es_commits').insertMany(documents);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('has a golden file, and the tools know it as the application does', () => {
    const golden = [...EVENTS].map(([name, { type, schema }]) => {
      expect(name).toBe(`${type}.v${schema}`);
      return `${type} v${schema}`;
    });
    expect(golden.sort()).toEqual(registry.forms);
    expect(storedEvents().forms).toEqual(registry.forms);
  });

  it('has the values that it was stored with: a new form is a new schema, with a file of its own', () => {
    const sums = Object.fromEntries([...EVENTS.keys()].map((name) => [name, sumOf(name)]));
    expect(sums).toEqual(read('sums.json'));
  });

  it.each([...EVENTS])('can be read: %s', async (name, { type, schema, data, readAs }) => {
    const [commit] = await commits.byIds([commitIdOf(`golden-${name}`, 1)]);
    const [event] = registry.decode(commit ?? fail('it is not stored'));
    expect({ type: event?.type, schema: event?.schema, data: event?.data }).toEqual(
      readAs ?? { type, schema, data },
    );
    expect(event?.record).toMatchObject({ id: 'e-1', version: 1, actor: 'user:ann' });
  });

  it.each([...STREAMS])('leads to the same state for ever: %s', async (_name, { stream, events, state }) => {
    const kind = STORED_KINDS.find((candidate) => candidate.kind === kindOf(stream)) ?? fail(stream);
    const id = stream.slice(kind.kind.length + 1);
    const replayed = await new StreamReplay(commits, registry).of(kind, id);
    expect(replayed).toEqual({ state, version: events.length });
  });

  it('stands in a stream whose state is known, if its kind has a state', () => {
    const used = new Set([...STREAMS.values()].flatMap(({ events }) => events));
    const unused = [...EVENTS.keys()].filter((name) => !used.has(name));
    expect(unused).toEqual(['installation.created.v1']);
  });
});
