import { Body, Controller, Get, Put } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { Answers, IfMatch, Problems, RequestContext, RequiresRole, WithETag } from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { GetFleetPolicy } from '../application/get-fleet-policy.query';
import { PutFleetPolicy } from '../application/put-fleet-policy.command';
import { because } from './because';
import { fleetPolicyBody } from './policy-input.schemas';
import { fleetPolicyView, type FleetPolicyView, toFleetView } from './policy.view';

@ApiTags('idle policies')
@Controller('api/v1/reaper/policy')
export class FleetPolicyController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'Show the idle policy of all workers' })
  @Answers(200, fleetPolicyView, { description: 'What is written, and what it comes to with the settings' })
  @WithETag()
  async get(): Promise<FleetPolicyView> {
    return toFleetView(await this.queries.execute(new GetFleetPolicy()));
  }

  @Put()
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Replace the idle policy of all workers',
    description:
      'What is left out comes from the settings again. It holds in all processes at once, without a restart; stops that ' +
      'are announced already are judged by it as well.',
  })
  @Answers(200, fleetPolicyView, { description: 'What is written, and what it comes to with the settings' })
  @Problems('version-conflict', 'precondition-failed')
  @WithETag()
  async put(
    @Body({ schema: fleetPolicyBody }) { values, fleetRules, reason }: z.output<typeof fleetPolicyBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<FleetPolicyView> {
    await this.commands.execute(new PutFleetPolicy(values, fleetRules, because(context, reason), version));
    return this.get();
  }
}
