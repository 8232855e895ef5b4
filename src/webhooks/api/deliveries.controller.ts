import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { Answers, decodeCursor, page, pathId, Problems, RequestContext, RequiresRole } from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { ListDeliveries } from '../application/list-deliveries.query';
import { Redeliver, ReplayParked } from '../application/redeliver.command';
import { TestWebhook } from '../application/test-webhook.command';
import * as schemas from './deliveries.schemas';

@ApiTags('webhooks')
@RequiresRole('admin')
@Controller('api/v1/webhooks/:id')
export class DeliveriesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('test')
  @ApiOperation({
    summary: 'Send a ping now',
    description: 'Once, signed like any event, to a disabled webhook as well. It takes 15 seconds at most.',
  })
  @Answers(200, schemas.testResult, { description: 'How it went', example: schemas.testResultExample })
  @Problems('webhook-not-found')
  async test(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
  ): Promise<z.input<typeof schemas.testResult>> {
    return schemas.toTestResult(await this.commands.execute(new TestWebhook(id, context)));
  }

  @Get('deliveries')
  @ApiOperation({
    summary: 'List the deliveries of a webhook, with their tries',
    description: 'Newest first; they are kept for 30 days.',
  })
  @Answers(200, schemas.deliveryPage, {
    description: 'A page of deliveries',
    example: { items: [schemas.deliveryExample], nextCursor: null },
  })
  @Problems('webhook-not-found')
  async list(
    @Param('id', { schema: pathId }) webhookId: string,
    @Query({ schema: schemas.deliveriesQuery }) query: z.output<typeof schemas.deliveriesQuery>,
  ): Promise<z.input<typeof schemas.deliveryPage>> {
    const { limit, cursor, state } = query;
    const after = decodeCursor(cursor, schemas.deliveryPlace);
    const request = { webhookId, states: state ?? null, after, limit: limit + 1 };
    const found = await this.queries.execute(new ListDeliveries(request));
    const { items, nextCursor } = page(found, limit, ({ createdAt, id }) => ({ createdAt, id }));
    return { items: items.map(schemas.toDeliveryView), nextCursor };
  }

  @Post('deliveries/replay')
  @ApiOperation({ summary: 'Send everything again that is parked' })
  @Answers(202, schemas.replayResult, { description: 'How much it is', example: { count: 3 } })
  @Problems('webhook-not-found', 'webhook-disabled')
  async replay(@Param('id', { schema: pathId }) id: string): Promise<z.input<typeof schemas.replayResult>> {
    return { count: await this.commands.execute(new ReplayParked(id)) };
  }

  @Post('deliveries/:deliveryId/redeliver')
  @ApiOperation({ summary: 'Send a delivery again, whatever became of it' })
  @Answers(202, schemas.deliveryView, { description: 'The delivery', example: schemas.deliveryExample })
  @Problems('webhook-not-found', 'delivery-not-found', 'webhook-disabled')
  async redeliver(
    @Param('id', { schema: pathId }) id: string,
    @Param('deliveryId', { schema: pathId }) deliveryId: string,
  ): Promise<z.input<typeof schemas.deliveryView>> {
    return schemas.toDeliveryView(await this.commands.execute(new Redeliver(id, deliveryId)));
  }
}
