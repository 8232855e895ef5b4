import { type OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_CODES } from './answers.decorator';
import { TAKES_IF_MATCH } from './etag';
import { type ProblemCode, PROBLEMS } from './problem-catalogue';
import { PROBLEM_REF } from './problem.schema';

type PathItem = OpenAPIObject['paths'][string];
export type Operation = NonNullable<PathItem['get']>;
type Responses = Operation['responses'];

/** Adds to an operation what it may answer when things go wrong: its own problems and those that come with its kind. */
export function documentProblems(operation: Operation, method: string): void {
  const extensions = operation as Operation & { [PROBLEM_CODES]?: ProblemCode[]; [TAKES_IF_MATCH]?: boolean };
  const codes = new Set([...(extensions[PROBLEM_CODES] ?? []), ...commonCodes(operation, method)]);
  if (extensions[TAKES_IF_MATCH]) codes.add('precondition-failed');
  delete extensions[TAKES_IF_MATCH];
  if (codes.size === 0) return;
  extensions[PROBLEM_CODES] = [...codes].sort();
  Object.assign(operation.responses, responsesOf(extensions[PROBLEM_CODES]));
}

function commonCodes(operation: Operation, method: string): ProblemCode[] {
  const codes: ProblemCode[] = [];
  if (operation.security) {
    codes.push('unauthenticated', 'forbidden', 'scope-too-small', 'too-many-requests');
    codes.push('store-unavailable', 'identity-unavailable');
  }
  if (operation.requestBody) codes.push('malformed-json', 'body-too-large', 'unsupported-media-type');
  if (operation.requestBody || operation.parameters?.length) codes.push('invalid-input');
  if (method === 'post') codes.push('idempotency-key-reused', 'idempotency-key-in-use');
  return codes;
}

/** One response per status, with an example per code. */
function responsesOf(codes: readonly ProblemCode[]): Responses {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const here = codes.filter((code) => PROBLEMS[code].status === status);
      const examples = Object.fromEntries(here.map((code) => [code, { value: example(code) }]));
      const description = here.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. ');
      return [
        status,
        { description, content: { 'application/problem+json': { schema: PROBLEM_REF, examples } } },
      ];
    }),
  );
}

function example(code: ProblemCode): object {
  const { status, title, explanation } = PROBLEMS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: explanation,
    instance: '/api/v1/…',
    code,
    correlationId: 'a1b2c3',
    ...(code === 'invalid-input' && { errors: [{ pointer: '/name', message: 'must not be empty' }] }),
  };
}
