import { Body, Controller, Delete, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import {
  Answers,
  AnswersNothing,
  decodeCursor,
  IfMatch,
  page,
  pageQuery,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
  WithETag,
} from '../../http';
import { placeOf } from '../../kernel/name-place';
import { type CommandContext } from '../../kernel/command-context';
import { CreatePolicy } from '../application/create-policy.command';
import { DeletePolicy } from '../application/delete-policy.command';
import { GetPolicy } from '../application/get-policy.query';
import { ListPolicies } from '../application/list-policies.query';
import { ReplacePolicy } from '../application/replace-policy.command';
import { because } from './because';
import { namedPolicyBody } from './policy-input.schemas';
import { policyPage, policyPlace, policyView, type PolicyView, toView } from './policy.view';

@ApiTags('idle policies')
@Controller('api/v1/reaper/policies')
export class PoliciesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Create a named idle policy',
    description:
      'It holds for workers that its selector fits, and for those that name it (PATCH /api/v1/workers/{id} ' +
      '{"idlePolicyId": …}), value by value, over the policy of the fleet.',
  })
  @Answers(201, policyView, { description: 'The policy' })
  @Problems('already-exists')
  @WithETag()
  async create(
    @Body({ schema: namedPolicyBody }) { reason, ...body }: z.output<typeof namedPolicyBody>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PolicyView> {
    const policy = await this.commands.execute(new CreatePolicy(body, because(context, reason)));
    response.location(`/api/v1/reaper/policies/${policy.id}`);
    return toView(policy);
  }

  @Get()
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'List named idle policies', description: 'By name.' })
  @Answers(200, policyPage, { description: 'A page of idle policies' })
  async list(
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof policyPage>> {
    const { limit, cursor } = query;
    const found = await this.queries.execute(new ListPolicies(limit + 1, decodeCursor(cursor, policyPlace)));
    const { items, nextCursor } = page(found, limit, placeOf);
    return { items: items.map(toView), nextCursor };
  }

  @Get(':id')
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'Show a named idle policy' })
  @Answers(200, policyView, { description: 'The policy' })
  @Problems('policy-not-found')
  @WithETag()
  async get(@Param('id', { schema: pathId }) id: string): Promise<PolicyView> {
    return toView(await this.queries.execute(new GetPolicy(id)));
  }

  @Put(':id')
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Replace a named idle policy',
    description: 'What is left out comes from weaker policies again. It holds in all processes at once.',
  })
  @Answers(200, policyView, { description: 'The policy' })
  @Problems('policy-not-found', 'already-exists', 'version-conflict', 'precondition-failed')
  @WithETag()
  async replace(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: namedPolicyBody }) { reason, ...body }: z.output<typeof namedPolicyBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<PolicyView> {
    return toView(
      await this.commands.execute(new ReplacePolicy(id, body, because(context, reason), version)),
    );
  }

  @Delete(':id')
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Delete a named idle policy',
    description: 'Its name is free again. Refused while workers name it.',
  })
  @AnswersNothing('It holds for no worker any more')
  @Problems('policy-not-found', 'policy-in-use', 'version-conflict', 'precondition-failed')
  async delete(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<void> {
    await this.commands.execute(new DeletePolicy(id, context, version));
  }
}
