import { Body, Controller, Inject, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import { Answers, RequestContext, RequiresRole } from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { InvalidInput } from '../../kernel/domain-error';
import { OPERATION_EXAMPLE, operationView, type OperationView } from '../../operations';
import { DiscoverInstances } from '../application/discover-instances.command';
import { DISCOVERY_OPTIONS, type DiscoveryOptions } from '../application/discovery.options';
import { discoveryBody } from './discovery.schemas';

@ApiTags('workers')
@Controller('api/v1/workers')
export class DiscoveryController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(DISCOVERY_OPTIONS) private readonly options: DiscoveryOptions,
  ) {}

  @Post('discovery')
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Look for instances that could be workers, and import them if wanted',
    description:
      'Its operation goes over the regions; its result lists `candidates`, `imported`, `notImported` (each ' +
      '`{count, items}` with the first 1,000), `failedRegions`, and the known `orphans`. What another ' +
      'installation of cml-fleet manages by its tags is a candidate with its `installationId`, and is not imported.',
  })
  @Answers(202, operationView, {
    description: 'The operation that does it; Location leads to it',
    example: { ...OPERATION_EXAMPLE, state: 'pending', progress: 0, message: null, startedAt: null },
  })
  async discover(
    @Body({ schema: discoveryBody }) body: z.output<typeof discoveryBody>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationView> {
    const { amiIds = null, amiName = null, tags = {} } = body.filter;
    const filter = { amiIds, amiName, tags };
    const order = { awsRegions: this.regionsOf(body), filter, import: body.import };
    const operation = await this.commands.execute(new DiscoverInstances(order, context));
    response.location(`/api/v1/operations/${operation.id}`);
    return operation;
  }

  private regionsOf({ awsRegion, awsRegions }: z.output<typeof discoveryBody>): readonly string[] {
    const configured = this.options.regions;
    const asked = awsRegion === undefined ? (awsRegions ?? configured) : [awsRegion];
    const unknown = asked.flatMap((name, index) => (configured.includes(name) ? [] : [index]));
    if (unknown.length === 0) return [...new Set(asked)];
    const message = `is not configured: one of ${configured.join(', ')} (FLEET_REGIONS)`;
    const pointerOf = (index: number) => (awsRegion === undefined ? `/awsRegions/${index}` : '/awsRegion');
    throw new InvalidInput(unknown.map((index) => ({ pointer: pointerOf(index), message })));
  }
}
