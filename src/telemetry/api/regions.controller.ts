import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, answeredTime, Problems, RequiresRole } from '../../http';
import { ACTIVE_STATUSES, GetRegions } from '../application/get-regions.query';
import { RegionNotFound } from '../domain/telemetry-errors';
import { observationError } from './observations.view';

const apiBudget = z
  .object({
    kind: z.string().describe('Which calls; `…-resources` counts their instances, on top of the calls'),
    capacity: z.number().describe('How many can be made at once, after a rest'),
    refillPerSecond: z.number(),
    available: z.number().int().describe('How many could be made now'),
    usedLastMinute: z.number().int(),
    throttledLastMinute: z.number().int().describe('How often AWS asked to slow down'),
    waiting: z.number().int().describe('How many wait for their turn'),
  })
  .meta({ id: 'ApiBudget' });

const circuit = z
  .object({
    service: z.string(),
    state: z
      .enum(['closed', 'open', 'half-open'])
      .describe(
        'closed: all is well; open: it does not answer, and is left alone; half-open: one call tries',
      ),
    since: answeredTime,
    openUntil: answeredTime.nullable().describe('When it is tried again'),
  })
  .meta({ id: 'ServiceCircuit' });

const sweepView = z
  .object({
    id: z.string().describe('Observations and worker events (as correlationId) carry it'),
    begunAt: answeredTime,
    complete: z.boolean().describe('Whether it read the whole listing'),
  })
  .meta({ id: 'RegionSweep' });
const alarmView = z
  .object({
    code: z.literal('region-shrunk'),
    from: z.number().int().describe('Instances at the last complete listing before'),
    to: z.number().int().describe('At the latest one, with those that EC2 knows by id'),
    at: answeredTime.describe('When it was first seen'),
  })
  .meta({ id: 'RegionAlarm', description: 'EC2 shows far fewer instances of the region than before' });
const regionView = z
  .object({
    name: z.string(),
    state: z.enum(['ok', 'failing', 'unknown']).describe('How its latest sweep went'),
    lastSweepAt: answeredTime.nullable(),
    lastError: observationError.nullable(),
    healthError: observationError
      .nullable()
      .describe('Why checks, scheduled events or spot interruptions were not read'),
    sweep: sweepView.nullable().describe('The latest sweep, however it went'),
    alarm: alarmView.nullable(),
    accountId: z.string().nullable().describe('The AWS account that is observed there'),
    workers: z
      .record(z.enum(ACTIVE_STATUSES), z.number().int())
      .describe('How many are managed there, by status'),
    apiBudget: z.array(apiBudget).describe('Calls that the process which answers may make there'),
    circuits: z.array(circuit).describe('Which services answer the process which answers'),
  })
  .meta({ id: 'Region' });
const regionList = z.object({ items: z.array(regionView) }).meta({ id: 'RegionList' });

type RegionView = z.input<typeof regionView>;

const EXAMPLE: z.output<typeof regionView> = {
  name: 'us-east-1',
  state: 'ok',
  lastSweepAt: '2027-01-15T08:03:11.000Z',
  lastError: null,
  healthError: null,
  sweep: { id: '7d0b3f0c-5f0e-4f6e-9a55-0d7b4f3f6a10', begunAt: '2027-01-15T08:03:11.000Z', complete: true },
  alarm: null,
  accountId: '111122223333',
  workers: { PENDING: 0, RUNNING: 3, STOPPING: 0, STOPPED: 5, SHUTTING_DOWN: 0, UNKNOWN: 0 },
  apiBudget: [
    {
      kind: 'describe-filtered',
      capacity: 50,
      refillPerSecond: 10,
      available: 49,
      usedLastMinute: 1,
      throttledLastMinute: 0,
      waiting: 0,
    },
  ],
  circuits: [{ service: 'ec2', state: 'closed', since: '2027-01-15T07:00:00.000Z', openUntil: null }],
};

@ApiTags('regions')
@Controller('api/v1/regions')
export class RegionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'The configured AWS regions, how their sweeps go, and their workers' })
  @Answers(200, regionList, { description: 'All of them', example: { items: [EXAMPLE] } })
  async list(): Promise<z.input<typeof regionList>> {
    return { items: await this.queries.execute(new GetRegions()) };
  }

  @Get(':name')
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'One configured AWS region' })
  @Answers(200, regionView, { description: 'The region', example: EXAMPLE })
  @Problems('region-not-found')
  async one(@Param('name', { schema: z.string().max(40) }) name: string): Promise<RegionView> {
    const regions = await this.queries.execute(new GetRegions());
    const region = regions.find((candidate) => candidate.name === name);
    if (!region) throw new RegionNotFound(name);
    return region;
  }
}
