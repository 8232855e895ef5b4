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
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
  SecretInAnswer,
  WithETag,
} from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { CreateWebhook } from '../application/create-webhook.command';
import { DeleteWebhook } from '../application/delete-webhook.command';
import { GetWebhook } from '../application/get-webhook.query';
import { ListWebhooks } from '../application/list-webhooks.query';
import { RotateSecret } from '../application/rotate-secret.command';
import { UpdateWebhook } from '../application/update-webhook.command';
import { placeOf } from '../application/webhook-directory';
import * as schemas from './webhooks.schemas';

@ApiTags('webhooks')
@RequiresRole('admin')
@Controller('api/v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Create a webhook',
    description:
      'Events from now on are sent to it as CloudEvents, signed as Standard Webhooks says. The answer is the only ' +
      'place that ever shows the signing secret.',
  })
  @Answers(201, schemas.webhookWithSecret, {
    description: 'The webhook',
    example: schemas.webhookWithSecretExample,
  })
  @SecretInAnswer('secret')
  @WithETag()
  async create(
    @Body({ schema: schemas.newWebhook }) body: z.output<typeof schemas.newWebhook>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.input<typeof schemas.webhookWithSecret>> {
    const { webhook, secret } = await this.commands.execute(new CreateWebhook(body, context));
    response.location(`/api/v1/webhooks/${webhook.id}`);
    return { ...schemas.toView(webhook), ...(secret && { secret: secret.reveal() }) };
  }

  @Get()
  @ApiOperation({ summary: 'List webhooks', description: 'Oldest first.' })
  @Answers(200, schemas.webhookPage, {
    description: 'A page of webhooks',
    example: { items: [schemas.webhookExample], nextCursor: null },
  })
  async list(
    @Query({ schema: schemas.webhookListQuery }) query: z.output<typeof schemas.webhookListQuery>,
  ): Promise<z.input<typeof schemas.webhookPage>> {
    const { limit, cursor } = query;
    const after = decodeCursor(cursor, schemas.webhookPlace);
    const found = await this.queries.execute(new ListWebhooks(limit + 1, after));
    const { items, nextCursor } = page(found, limit, placeOf);
    return { items: items.map(schemas.toView), nextCursor };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a webhook' })
  @Answers(200, schemas.webhookView, { description: 'The webhook', example: schemas.webhookExample })
  @Problems('webhook-not-found')
  @WithETag()
  async get(@Param('id', { schema: pathId }) id: string): Promise<z.input<typeof schemas.webhookView>> {
    return schemas.toView(await this.queries.execute(new GetWebhook(id)));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a webhook, disable it, or enable it again' })
  @Answers(200, schemas.webhookView, { description: 'The changed webhook', example: schemas.webhookExample })
  @Problems('webhook-not-found', 'version-conflict', 'precondition-failed')
  @WithETag()
  async update(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: schemas.changedWebhook }) body: z.output<typeof schemas.changedWebhook>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<z.input<typeof schemas.webhookView>> {
    return schemas.toView(await this.commands.execute(new UpdateWebhook(id, body, context, version)));
  }

  @Delete(':id')
  @ApiOperation({
    summary: 'Delete a webhook',
    description: 'With its secrets and the list of its deliveries. What is under way may still arrive.',
  })
  @AnswersNothing('Nothing is sent to it any more')
  @Problems('webhook-not-found', 'version-conflict', 'precondition-failed')
  async delete(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<void> {
    await this.commands.execute(new DeleteWebhook(id, context, version));
  }

  @Post(':id/rotate-secret')
  @ApiOperation({
    summary: 'Give a webhook a new signing secret',
    description:
      'The answer is the only place that ever shows it. For 24 hours the secret before signs as well: each delivery ' +
      'carries both signatures.',
  })
  @Answers(200, schemas.webhookWithSecret, {
    description: 'The webhook with its new secret',
    example: schemas.webhookWithSecretExample,
  })
  @Problems('webhook-not-found', 'version-conflict', 'precondition-failed')
  @SecretInAnswer('secret')
  @WithETag()
  async rotateSecret(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<z.input<typeof schemas.webhookWithSecret>> {
    const { webhook, secret } = await this.commands.execute(new RotateSecret(id, context, version));
    return { ...schemas.toView(webhook), ...(secret && { secret: secret.reveal() }) };
  }
}
