import { z } from 'zod';
import { answeredTime } from '../../http';
import { type Simulation, type SimulationSummary } from '../domain/simulation';

const count = z.number().int();

const totals = z
  .object({
    workers: count,
    stops: count,
    stopsByCause: z.record(z.string(), count),
    hoursSaved: z.number().describe('For which workers really ran, and would not have'),
    hoursRun: z.number(),
    hits: count.describe('Stops that somebody would have met within 30 minutes'),
    heldByBudget: count.describe('Due stops that a budget would have held off, each wait once'),
    breakerOpenings: count,
    evaluations: count.describe('Decisions that were made'),
    approximate: z.boolean().describe('Parts of what is recorded are not exact, or missing'),
  })
  .meta({ id: 'SimulationTotals' });

const order = {
  id: z.uuid(),
  createdAt: answeredTime,
  createdBy: z.string(),
  finishedAt: answeredTime,
  from: answeredTime,
  to: answeredTime,
  policy: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('null: the policies as they were at its start'),
  workerIds: z.array(z.string()).nullable(),
  tag: z.string().nullable(),
};

export const simulationSummaryView = z.object({ ...order, totals }).meta({ id: 'PolicySimulationSummary' });

export const simulationView = z
  .object({
    ...order,
    totals,
    workers: z.array(
      z.object({
        ...{ workerId: z.string(), workerName: z.string(), stops: count, hoursRun: z.number() },
        ...{ hoursSaved: z.number(), hits: count, heldByBudget: count, approximate: z.boolean() },
      }),
    ),
    stops: z
      .array(
        z.object({
          workerId: z.string(),
          at: answeredTime,
          cause: z.string(),
          until: answeredTime
            .nullable()
            .describe('When it was really used again, or really ended to run; null: neither'),
          minutesSaved: count,
          hit: z
            .object({
              at: answeredTime,
              what: z.string().describe('A signal, or `start`, `keep-alive`, …'),
              by: z.string().nullable(),
            })
            .nullable(),
          approximate: z.boolean(),
        }),
      )
      .describe('The first 2,000, those first that would have hit somebody'),
    budgetHits: z
      .array(
        z.object({
          workerId: z.string(),
          from: answeredTime,
          until: answeredTime.nullable(),
          scope: z.string(),
          lapsed: z.boolean().describe('It was not stopped in the end'),
        }),
      )
      .describe('The first 500'),
    breakerOpenings: z.array(z.object({ at: answeredTime, stops: count, running: count })),
    comparison: z
      .object({
        ...{ recorded: count, equal: count, restrained: count, underOtherPolicies: count },
        differingTotal: count.describe(
          'Changes that the replay does not find at their turn, and `replayedOnly`',
        ),
        replayedOnly: count.describe('Changes that only the replay has'),
        differing: z
          .array(
            z.object({
              workerId: z.string(),
              at: answeredTime,
              recorded: z.string().nullable().describe('null: only the replay has it'),
              replayed: z.string().nullable(),
            }),
          )
          .describe('The first 50'),
      })
      .nullable()
      .describe('With what the reaper thought at the time; null for a draft'),
    skipped: z
      .array(z.object({ workerId: z.string(), workerName: z.string().nullable(), why: z.string() }))
      .describe(
        'Not part of the sums: not there, or nothing is stopped as policies have a problem, or do not fit the draft',
      ),
  })
  .meta({ id: 'PolicySimulation' });

export type SimulationView = z.input<typeof simulationView>;
export type SimulationSummaryView = z.input<typeof simulationSummaryView>;

type Shown<T> = Omit<T, 'tag'> & { readonly tag: string | null };

function shown<T extends Pick<Simulation, 'tag'>>({ tag, ...rest }: T): Shown<T> {
  return { ...rest, tag: tag && `${tag[0]}:${tag[1]}` };
}

export function toView({ result, ...order }: Simulation): SimulationView {
  return plain({ ...shown(order), ...result });
}

export function toSummaryView(summary: SimulationSummary): SimulationSummaryView {
  return plain(shown(summary));
}

/** Lists that are only read are answered as they are. */
function plain<T>(value: unknown): T {
  return value as T;
}
