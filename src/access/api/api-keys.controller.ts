import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import {
  Answers,
  AnswersNothing,
  decodeCursor,
  page,
  pageQuery,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
  SecretInAnswer,
} from '../../http';
import { MachineClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { positionOf } from '../application/api-key-directory';
import { CreateApiKey } from '../application/create-api-key.command';
import { ListApiKeys } from '../application/list-api-keys.query';
import { RevokeApiKey } from '../application/revoke-api-key.command';
import { RotateApiKey } from '../application/rotate-api-key.command';
import * as schemas from './api-keys.schemas';

@ApiTags('api-keys')
@RequiresRole('admin')
@Controller('api/v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly machine: MachineClock,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Create an API key',
    description: 'The answer is the only place that ever shows the key.',
  })
  @Answers(201, schemas.createdApiKey, { description: 'The key', example: schemas.createdApiKeyExample })
  @SecretInAnswer('key')
  async create(
    @Body({ schema: schemas.newApiKey }) body: z.infer<typeof schemas.newApiKey>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.input<typeof schemas.createdApiKey>> {
    const { id, state, key } = await this.commands.execute(new CreateApiKey(body, context));
    response.location(`/api/v1/api-keys/${id}`);
    return { ...schemas.toView({ id, state }, this.machine.now()), ...(key && { key: key.reveal() }) };
  }

  @Get()
  @ApiOperation({ summary: 'List API keys', description: 'Oldest first, without revoked ones.' })
  @Answers(200, schemas.apiKeyPage, { description: 'A page of keys', example: schemas.apiKeyPageExample })
  async list(
    @Query({ schema: pageQuery }) { limit, cursor }: z.infer<typeof pageQuery>,
  ): Promise<z.input<typeof schemas.apiKeyPage>> {
    const after = decodeCursor(cursor, schemas.keyPosition);
    const keys = await this.queries.execute(new ListApiKeys(limit + 1, after));
    const { items, nextCursor } = page(keys, limit, positionOf);
    const now = this.machine.now();
    return {
      items: items.map(({ lastUsedAt, ...key }) => ({ ...schemas.toView(key, now), lastUsedAt })),
      nextCursor,
    };
  }

  @Post(':id/rotate')
  @ApiOperation({
    summary: 'Give an API key a new text',
    description:
      'The answer is the only place that ever shows it. Holder, role and scope stay. The text before opens for the ' +
      'overlap as well; without one it opens nothing any more, and event streams that it began end. The text of the ' +
      'last admin key opens for ten minutes at least, so that whoever lost the answer can rotate again; a second ' +
      'rotation, with the new text, ends it at once.',
  })
  @Answers(200, schemas.createdApiKey, {
    description: 'The key with its new text',
    example: schemas.createdApiKeyExample,
  })
  @Problems('api-key-not-found', 'api-key-ended', 'version-conflict')
  @SecretInAnswer('key')
  async rotate(
    @Param('id', { schema: pathId }) keyId: string,
    @Body({ schema: schemas.rotateApiKey }) { overlapMinutes }: z.output<typeof schemas.rotateApiKey>,
    @RequestContext() context: CommandContext,
  ): Promise<z.input<typeof schemas.createdApiKey>> {
    const { id, state, key } = await this.commands.execute(new RotateApiKey(keyId, overlapMinutes, context));
    return { ...schemas.toView({ id, state }, this.machine.now()), ...(key && { key: key.reveal() }) };
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Revoke an API key', description: 'Other processes refuse it within a second.' })
  @AnswersNothing('It is revoked')
  @Problems('api-key-not-found', 'last-admin-key', 'version-conflict')
  async revoke(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
  ): Promise<void> {
    await this.commands.execute(new RevokeApiKey(id, context));
  }
}
