import { type RequestHandler } from 'express';
import { InvalidInput } from '../kernel/domain-error';

/** Deeper than any schema of the API, and far from where a recursion would end the stack. */
const DEEPEST = 32;
/** Objects, lists and plain values together; the largest body that is meant has some hundreds. */
const MOST_VALUES = 10_000;

/** Refuses bodies that are small to send and much to go through, before anything that walks through them does. */
export const boundedJson: RequestHandler = (request, _response, next) => {
  const fault = faultOf(request.body);
  if (fault !== null) throw new InvalidInput([{ pointer: '', message: fault }]);
  next();
};

/** Level by level, without recursion. */
function faultOf(body: unknown): string | null {
  let level: unknown[] = [body];
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return `must not be nested deeper than ${DEEPEST} levels`;
    count += level.length;
    if (count > MOST_VALUES) return `must hold no more than ${MOST_VALUES} values`;
    level = level.filter(isStructure).flatMap((value) => Object.values(value) as unknown[]);
  }
  return null;
}

function isStructure(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
