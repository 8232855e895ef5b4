import { z } from 'zod';
import { answeredTime, oneOrMoreOf, pageOf, pageQuery } from '../../http';
import { OPERATION_STATES } from '../domain/operation';

const oneOrMore = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item))
    .optional();

/** As their handlers name them; a later version may have more. */
const KINDS =
  '`discovery`, `stop-labs`, `keep-topologies`, `license-register`, `license-renew`, `license-release`, `prepare-termination`';

export const operationsQuery = pageQuery.extend({
  kind: oneOrMore(z.string().max(40)).describe(`One or more, with commas: ${KINDS}`),
  state: oneOrMoreOf(z.enum(OPERATION_STATES)).describe(
    `One or more, with commas: ${OPERATION_STATES.join(', ')}`,
  ),
  workerId: oneOrMore(z.uuid()).describe('One or more, with commas'),
});

const failure = z.object({ code: z.string(), message: z.string() }).meta({ id: 'OperationError' });

const summary = z.object({
  id: z.uuid(),
  kind: z.string().describe(`One of ${KINDS}`),
  workerId: z.uuid().nullable().describe('The worker that it is about, if it is about one'),
  state: z.enum(OPERATION_STATES),
  progress: z.number().min(0).max(1),
  message: z.string().nullable().describe('What it does, or what came of it'),
  actor: z.string().describe('Who asked for it'),
  cancelledBy: z.string().nullable().describe('Who wants it to end, or had it ended'),
  createdAt: answeredTime,
  startedAt: answeredTime.nullable(),
  finishedAt: answeredTime.nullable(),
  error: failure.nullable().describe('Why it failed'),
});

/** In lists, where the results would be too much. */
export const operationSummary = summary.meta({ id: 'OperationSummary' });

export const operationView = summary
  .extend({
    result: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('What came of it up to now, or at its end; its form is its kind’s own'),
  })
  .meta({ id: 'Operation' });

export const operationPage = pageOf(operationSummary, 'OperationPage');

/** What a cursor of the list stands for. */
export const operationPlace = z.object({
  createdAt: z.iso.datetime().transform((text) => new Date(text)),
  id: z.uuid(),
});

const SUMMARY_EXAMPLE = {
  id: '2a6f1c1f-0e2f-5b4c-9a43-3c1f6f0d9f11',
  kind: 'discovery',
  workerId: null,
  state: 'running',
  progress: 0.5,
  message: 'us-east-1: 214 instances seen, 3 imported',
  actor: 'api-key:5d1d4f0a-58a2-4a4b-9f0c-0d4b1c8c2f35',
  cancelledBy: null,
  createdAt: '2027-01-15T08:00:00.000Z',
  startedAt: '2027-01-15T08:00:00.100Z',
  finishedAt: null,
  error: null,
} as const;

export const OPERATION_PAGE_EXAMPLE = { items: [SUMMARY_EXAMPLE], nextCursor: null };
/** An operation as the documentation of any route shows it. */
export const OPERATION_EXAMPLE = { ...SUMMARY_EXAMPLE, result: null };

export type OperationView = z.input<typeof operationView>;
