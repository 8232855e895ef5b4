import { covers, FLEET, type Reach, type Reachable, type Scope } from '../../kernel/reach';
import { OutOfReach } from './worker-errors';

/**
 * That a new worker, or a changed one, is within reach of whoever wants it so.
 * @throws OutOfReach which says what its region or its tags would have to be
 */
export function mustStayWithin(reach: Reach, worker: Reachable, what: string): void {
  if (covers(reach, worker) || reach === FLEET) return;
  const missing = reach.map((scope) => missingIn(scope, worker));
  const members = [...new Set(missing.flatMap((lacks) => lacks.map(({ member }) => member)))];
  const words = missing.map((lacks) => lacks.map(({ words: each }) => each).join(' and '));
  throw new OutOfReach(what, members, words.join(', or ') || 'you may touch no worker at all');
}

interface Lack {
  readonly member: 'awsRegion' | 'tags' | 'id';
  readonly words: string;
}

function missingIn({ regions, tags, workerIds }: Scope, worker: Reachable): Lack[] {
  const lacks: Lack[] = [];
  if (regions && !covers([{ regions }], worker)) {
    lacks.push({ member: 'awsRegion', words: `its region must be ${oneOf(regions)}` });
  }
  if (tags && !covers([{ tags }], worker)) {
    const pairs = tags.map(({ key, value }) => `${key}:${value}`);
    lacks.push({ member: 'tags', words: `it needs the tag ${oneOf(pairs)}` });
  }
  if (workerIds && !covers([{ workerIds }], worker)) {
    lacks.push({ member: 'id', words: 'a scope of single workers takes in no other one' });
  }
  return lacks;
}

function oneOf(values: readonly string[]): string {
  return values.length === 0 ? 'none that there is' : values.join(' or ');
}
