import { Body, Controller, Delete, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { type Command, CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import { Answers, CallerReach, OfWorker, pathId, Problems, RequestContext, RequiresRole } from '../../http';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { type Reach } from '../../kernel/reach';
import { type Operation, OPERATION_EXAMPLE, operationView, type OperationView } from '../../operations';
import { GetLicense } from '../application/get-license.query';
import { ReleaseLicense } from '../application/release-license.command';
import { RenewLicense } from '../application/renew-license.command';
import { type LicenseOrder, RequestLicense } from '../application/request-license.command';
import {
  LICENSE_EXAMPLE,
  licenseBody,
  licenseView,
  type LicenseView,
  releaseQuery,
} from './worker-license.schemas';
import { toLicenseView } from './worker-license.view';

const ACCEPTED = {
  description: 'The operation that does it; Location leads to it',
  example: { ...OPERATION_EXAMPLE, state: 'pending', progress: 0, message: null, startedAt: null } as const,
};

@ApiTags('licences')
@Controller('api/v1/workers/:id/license')
export class WorkerLicenseController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  @Get()
  @RequiresRole('viewer')
  @OfWorker()
  @ApiOperation({ summary: 'Show the licence of a worker: what is wanted, and what its server said last' })
  @Answers(200, licenseView, { description: 'The licence', example: LICENSE_EXAMPLE })
  @Problems('worker-not-found')
  async get(@Param('id', { schema: pathId }) id: string, @CallerReach() reach: Reach): Promise<LicenseView> {
    return toLicenseView(await this.queries.execute(new GetLicense(id, reach)), this.clock.now());
  }

  @Put()
  @RequiresRole('admin')
  @OfWorker()
  @ApiOperation({
    summary: 'License a worker, with a token of its own or a seat in a pool',
    description:
      'Its operation sets what is asked for on the CML server, registers it with Smart Licensing and waits until it is ' +
      'authorized. A server that is registered already is left alone, unless `reregister`.',
  })
  @Answers(202, operationView, ACCEPTED)
  @Problems(
    'worker-not-found',
    'license-pool-not-found',
    'license-busy',
    'license-held',
    'invalid-transition',
    'version-conflict',
  )
  put(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: licenseBody }) body: z.output<typeof licenseBody>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationView> {
    return this.accepted(new RequestLicense(id, orderOf(body), context), response);
  }

  @Delete()
  @RequiresRole('admin')
  @OfWorker()
  @ApiOperation({
    summary: 'Give the licence of a worker back',
    description:
      'CML does so only while no node runs: its operation fails with `license-nodes-running` unless `stopLabs=true`. Its ' +
      'result tells the `outcome`: `released`, `not-registered`, or `left-over` where Cisco may still count it.',
  })
  @Answers(202, operationView, ACCEPTED)
  @Problems('worker-not-found', 'license-busy', 'invalid-transition', 'version-conflict')
  release(
    @Param('id', { schema: pathId }) id: string,
    @Query({ schema: releaseQuery }) { stopLabs }: z.output<typeof releaseQuery>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationView> {
    return this.accepted(new ReleaseLicense(id, stopLabs, context), response);
  }

  @Post('renew')
  @RequiresRole('admin')
  @OfWorker()
  @ApiOperation({ summary: 'Renew registration and authorization before their time' })
  @Answers(202, operationView, ACCEPTED)
  @Problems('worker-not-found', 'license-busy', 'invalid-transition', 'version-conflict')
  renew(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationView> {
    return this.accepted(new RenewLicense(id, context), response);
  }

  private async accepted(command: Command<Operation>, response: Response): Promise<OperationView> {
    const operation = await this.commands.execute(command);
    response.location(`/api/v1/operations/${operation.id}`);
    return operation;
  }
}

function orderOf(body: z.output<typeof licenseBody>): LicenseOrder {
  const { token, poolId, productLicense = null, reregister, features, smartServer } = body;
  const transport = smartServer === undefined ? null : { smartServer };
  const source = token ? { token } : { poolId: poolId as string };
  return { source, productLicense, reregister, features, transport };
}
