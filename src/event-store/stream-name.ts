/** Streams are named `<kind>-<aggregate id>`; a stream of which there is only one is its kind alone. */
const SEPARATOR = '-';

/** @throws RangeError for a kind with a dash: the name could not be taken apart again */
export function streamOf(kind: string, aggregateId: string): string {
  if (kind.includes(SEPARATOR)) throw new RangeError(`no dash may stand in the kind of a stream: ${kind}`);
  return `${kind}${SEPARATOR}${aggregateId}`;
}

export function aggregateIdOf(stream: string): string {
  return stream.slice(stream.indexOf(SEPARATOR) + 1);
}

/** The version is padded, so that the ids of a stream's commits sort as their versions do. */
export function commitIdOf(stream: string, version: number): string {
  return `${stream}:${String(version).padStart(10, '0')}`;
}

export function kindOf(stream: string): string {
  return stream.split(SEPARATOR, 1)[0] ?? stream;
}

/** Between which strings the names of all streams of a kind lie, and the ids of their commits. */
export function idsOfKind(kind: string): { from: string; below: string } {
  return { from: `${kind}${SEPARATOR}`, below: `${kind}${String.fromCharCode(SEPARATOR.charCodeAt(0) + 1)}` };
}
