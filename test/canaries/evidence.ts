import { mongo, type Connection } from 'mongoose';
import { gunzipSync } from 'node:zlib';
import { type CanarySearch } from './canary-search';

/** The kinds of places into which a secret may leak. */
export const PLACES = [
  ...(['output', 'answer headers', 'answer body', 'stream'] as const),
  ...(['delivery headers', 'delivery body', 'command line', 'document', 'packed document'] as const),
] as const;
export type Place = (typeof PLACES)[number];

interface Trace {
  readonly place: Place;
  /** which answer, process or document */
  readonly of: string;
  readonly bytes: Buffer;
}

interface Growing {
  readonly place: Place;
  readonly of: string;
  readonly chunks: readonly Buffer[];
}

/** What a canary was found in. */
export interface Leak {
  readonly place: Place;
  /** which canary, how it is written and where, but not its text */
  readonly text: string;
}

const GZIP = Buffer.from([0x1f, 0x8b]);

/** Everything that left the product while a test ran, or that it stored, to be searched at its end. */
export class Evidence {
  private readonly kept: Trace[] = [];
  private readonly growing: Growing[] = [];

  add(place: Place, of: string, content: string | Buffer): void {
    this.kept.push({ place, of, bytes: Buffer.from(content as string) });
  }

  /** What is written on and on: searched as it is then. */
  follow(place: Place, of: string, chunks: readonly Buffer[]): void {
    this.growing.push({ place, of, chunks });
  }

  /** All documents of all collections as they are now: as Extended JSON, binary members as bytes, and unpacked. */
  async addDatabase({ db }: Connection, when: string): Promise<void> {
    for (const { name } of (await db?.listCollections({}, { nameOnly: true }).toArray()) ?? []) {
      for await (const document of db?.collection(name).find() ?? []) {
        const of = `${name}/${String(document._id)} ${when}`;
        this.add('document', of, mongo.BSON.EJSON.stringify(document, undefined, 1, { relaxed: false }));
        for (const bytes of binariesIn(document)) this.addBinary(of, bytes);
      }
    }
  }

  /** Where pieces of the canaries are. */
  searched(search: CanarySearch): Leak[] {
    return this.traces().flatMap(({ place, of, bytes }) =>
      search.in(bytes).map(({ canary, form, offset }) => {
        const { line, member } = positionOf(bytes, offset);
        return { place, text: `${canary} (${form}) in ${place} of ${of}, line ${line}${member}` };
      }),
    );
  }

  private traces(): Trace[] {
    return [
      ...this.kept,
      ...this.growing.map(({ chunks, ...rest }) => ({ ...rest, bytes: Buffer.concat(chunks) })),
    ];
  }

  private addBinary(of: string, bytes: Buffer): void {
    this.add('document', `${of} (bytes)`, bytes);
    if (bytes.subarray(0, GZIP.length).equals(GZIP)) this.add('packed document', of, gunzipSync(bytes));
  }
}

function* binariesIn(value: unknown): Generator<Buffer> {
  if (value instanceof mongo.Binary) yield Buffer.from(value.value());
  else if (Buffer.isBuffer(value)) yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) yield* binariesIn(member);
  }
}

/** Of JSON that is written line by line, the member as well. */
function positionOf(bytes: Buffer, offset: number): { line: number; member: string } {
  const before = bytes.subarray(0, offset).toString().split('\n');
  const [, name] = /^\s+"([\w$]+)": /.exec(before.at(-1) ?? '') ?? [];
  return { line: before.length, member: name === undefined ? '' : `, member ${name}` };
}
