import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
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
  Scoped,
  WithETag,
} from '../../http';
import { placeOf } from '../../kernel/name-place';
import { type CommandContext } from '../../kernel/command-context';
import { CreateTemplate } from '../application/create-template.command';
import { DeleteTemplate } from '../application/delete-template.command';
import { GetTemplate } from '../application/get-template.query';
import { ListTemplates } from '../application/list-templates.query';
import { UpdateTemplate } from '../application/update-template.command';
import { changedTemplate, newTemplate } from './template-input.schemas';
import {
  TEMPLATE_EXAMPLE,
  templatePage,
  templatePlace,
  templateView,
  type TemplateView,
  toView,
} from './template.view';

@ApiTags('worker templates')
@Controller('api/v1/worker-templates')
export class TemplatesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Create a worker template',
    description:
      'Workers are created by it with POST /api/v1/workers {"template": "<its name or id>"}. What it says is copied into ' +
      'the worker. A region need not be configured yet.',
  })
  @Answers(201, templateView, { description: 'The template', example: TEMPLATE_EXAMPLE })
  @Problems('already-exists')
  @WithETag()
  async create(
    @Body({ schema: newTemplate }) body: z.output<typeof newTemplate>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TemplateView> {
    const template = await this.commands.execute(new CreateTemplate(body, context));
    response.location(`/api/v1/worker-templates/${template.id}`);
    return toView(template);
  }

  @Get()
  @RequiresRole('viewer')
  @Scoped()
  @ApiOperation({ summary: 'List worker templates', description: 'By name.' })
  @Answers(200, templatePage, {
    description: 'A page of worker templates',
    example: { items: [TEMPLATE_EXAMPLE], nextCursor: null },
  })
  async list(
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof templatePage>> {
    const { limit, cursor } = query;
    const after = decodeCursor(cursor, templatePlace);
    const found = await this.queries.execute(new ListTemplates(limit + 1, after));
    const { items, nextCursor } = page(found, limit, placeOf);
    return { items: items.map(toView), nextCursor };
  }

  @Get(':id')
  @RequiresRole('viewer')
  @Scoped()
  @ApiOperation({ summary: 'Show a worker template' })
  @Answers(200, templateView, { description: 'The template', example: TEMPLATE_EXAMPLE })
  @Problems('worker-template-not-found')
  @WithETag()
  async get(@Param('id', { schema: pathId }) id: string): Promise<TemplateView> {
    return toView(await this.queries.execute(new GetTemplate(id)));
  }

  @Patch(':id')
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Change a worker template',
    description: 'Workers that were created by it stay as they are.',
  })
  @Answers(200, templateView, { description: 'The changed template', example: TEMPLATE_EXAMPLE })
  @Problems('worker-template-not-found', 'already-exists', 'version-conflict', 'precondition-failed')
  @WithETag()
  async update(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: changedTemplate }) body: z.output<typeof changedTemplate>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<TemplateView> {
    return toView(await this.commands.execute(new UpdateTemplate(id, body, context, version)));
  }

  @Delete(':id')
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Delete a worker template',
    description: 'Its name is free again. Workers that were created by it stay as they are.',
  })
  @AnswersNothing('No worker is created by it any more')
  @Problems('worker-template-not-found', 'version-conflict', 'precondition-failed')
  async delete(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<void> {
    await this.commands.execute(new DeleteTemplate(id, context, version));
  }
}
