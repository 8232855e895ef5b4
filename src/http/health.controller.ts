import { Controller, Get, Inject, Logger, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, type HealthIndicatorResult } from '@nestjs/terminus';
import { SkipThrottle } from '@nestjs/throttler';
import { type Response } from 'express';
import { z } from 'zod';
import { SECOND } from '../kernel/clocks';
import { Public } from './access.decorators';
import { Answers } from './answers.decorator';
import { HEALTH_PROBES, type HealthProbe } from './health-probe';

const indicators = z.record(
  z.string(),
  z.object({ status: z.string(), degraded: z.literal(true).optional(), message: z.string().optional() }),
);

const healthAnswer = z
  .object({ status: z.string(), info: indicators, error: indicators, details: indicators })
  .meta({ id: 'Health' });

/** Machine milliseconds. Who asks whether a process is ready does not wait for long. */
const PATIENCE = 2 * SECOND;

/** Whether the process lives, and whether it can serve. Open to everybody, so no address of anything is told. */
@ApiTags('health')
@Public()
@SkipThrottle()
@Controller('health')
export class HealthController {
  private readonly logger = new Logger('Health');

  constructor(
    private readonly health: HealthCheckService,
    @Inject(HEALTH_PROBES) private readonly probes: readonly HealthProbe[],
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'Does the process answer?' })
  @Answers(200, healthAnswer, { description: 'It does' })
  live(): z.input<typeof healthAnswer> {
    return { status: 'ok', info: {}, error: {}, details: {} };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Can it serve requests and do its work?' })
  @Answers(200, healthAnswer, { description: 'Everything it needs is there' })
  @ApiResponse({ status: 503, description: 'Something it needs is missing, or it is shutting down' })
  async ready(@Res({ passthrough: true }) response: Response): Promise<unknown> {
    try {
      return await this.health.check(this.probes.map((probe) => () => this.run(probe)));
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(503);
      return error.getResponse();
    }
  }

  private async run(probe: HealthProbe): Promise<HealthIndicatorResult> {
    try {
      const { healthy, detail } = await inTime(probe.check());
      const message = detail === undefined ? {} : { message: withoutAddresses(detail) };
      return { [probe.name]: { ...(healthy ? UP : notHealthy(probe)), ...message } };
    } catch (error) {
      this.logger.warn({ err: error, probe: probe.name }, 'a health check failed');
      return { [probe.name]: { ...notHealthy(probe), message: 'the check failed' } };
    }
  }
}

const UP = { status: 'up' } as const;

/** What is told only keeps no process from serving. */
function notHealthy({ toldOnly }: HealthProbe) {
  return toldOnly ? { ...UP, degraded: true } : ({ status: 'down' } as const);
}

async function inTime<T>(check: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE} ms`)), PATIENCE);
  });
  return Promise.race([check, late]).finally(() => clearTimeout(timer));
}

/** URIs, host:port, IPv4 and bracketed IPv6 addresses. */
const ADDRESS =
  /[a-z][a-z+.-]*:\/\/\S+|\[[0-9a-f:.]+\](:\d+)?|\b[\w.-]+:\d{2,5}\b|\b\d{1,3}(\.\d{1,3}){3}\b/gi;

function withoutAddresses(detail: string): string {
  return detail.replace(ADDRESS, '(address)');
}
