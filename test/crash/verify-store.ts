import { byStream, type LogPosition, type Stored, type StoredCommit } from './stored';

/** What is wrong with the store in itself, one sentence each. Every commit must have its place in the log already. */
export function verifyStore({ commits, log, listed }: Stored): string[] {
  const streams = byStream(commits);
  return [
    ...[...streams].flatMap(([stream, own]) => verifyStream(stream, own)),
    ...verifyLog(log, commits),
    ...verifyReadModel(listed, streams),
  ];
}

function verifyStream(stream: string, commits: readonly StoredCommit[]): string[] {
  return commits.flatMap((commit, index) => {
    const before = commits[index - 1];
    const expected = (before?.last ?? 0) + 1;
    const faults: string[] = [];
    if (commit.first !== expected) faults.push(`${stream}: version ${expected} is missing`);
    if (commit.last !== commit.first + commit.events.length - 1)
      faults.push(`${commit._id}: wrong last version`);
    if (commit.previousHash !== (before?.hash ?? null)) faults.push(`${commit._id}: its chain is broken`);
    if (before && commit.at <= before.at) faults.push(`${commit._id}: time ran back`);
    return faults;
  });
}

function verifyLog(log: readonly LogPosition[], commits: readonly StoredCommit[]): string[] {
  const faults: string[] = [];
  const places = new Map<string, number>();
  log.forEach(({ _id: position, commit }, index) => {
    if (position !== index + 1) faults.push(`the log has ${position} at place ${index + 1}`);
    if (places.has(commit)) faults.push(`${commit} stands twice in the log`);
    places.set(commit, position);
  });
  const reached = new Map<string, number>();
  for (const { _id, stream } of commits) {
    const position = places.get(_id);
    if (position === undefined) {
      faults.push(`${_id} is not in the log`);
      continue;
    }
    places.delete(_id);
    if (position < (reached.get(stream) ?? 0)) faults.push(`${_id} stands before its predecessor in the log`);
    reached.set(stream, position);
  }
  return [...faults, ...[...places.keys()].map((id) => `the log names ${id}, which is not there`)];
}

function verifyReadModel(
  listed: ReadonlyMap<string, number>,
  streams: ReadonlyMap<string, readonly StoredCommit[]>,
): string[] {
  const faults: string[] = [];
  for (const [stream, commits] of streams) {
    if (!stream.startsWith('worker-')) continue;
    const last = commits.at(-1)?.last;
    const shown = listed.get(stream.slice('worker-'.length));
    if (shown !== last)
      faults.push(`the read model has ${stream} at version ${shown}, the stream is at ${last}`);
  }
  return faults;
}
