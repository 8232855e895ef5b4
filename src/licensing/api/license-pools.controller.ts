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
  WithETag,
} from '../../http';
import { placeOf } from '../../kernel/name-place';
import { type CommandContext } from '../../kernel/command-context';
import { CreateLicensePool } from '../application/create-license-pool.command';
import { DeleteLicensePool } from '../application/delete-license-pool.command';
import { FreeLicenseSeat } from '../application/free-license-seat.command';
import { GetLicensePool } from '../application/get-license-pool.query';
import { ListLicensePools } from '../application/list-license-pools.query';
import { UpdateLicensePool } from '../application/update-license-pool.command';
import * as input from './license-pool-input.schemas';
import * as view from './license-pool.view';

@ApiTags('licence pools')
@Controller('api/v1/license-pools')
export class LicensePoolsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Create a licence pool',
    description: 'A registration token, and how many workers may be registered with it at once.',
  })
  @Answers(201, view.licensePoolSummary, { description: 'The pool', example: view.SUMMARY_EXAMPLE })
  @Problems('already-exists')
  @WithETag()
  async create(
    @Body({ schema: input.newLicensePool }) body: z.output<typeof input.newLicensePool>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<view.LicensePoolSummary> {
    const { token, ...details } = body;
    const pool = await this.commands.execute(new CreateLicensePool(details, token, context));
    response.location(`/api/v1/license-pools/${pool.id}`);
    return view.toSummary(pool);
  }

  @Get()
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'List licence pools', description: 'By name.' })
  @Answers(200, view.licensePoolPage, {
    description: 'A page of licence pools',
    example: { items: [view.SUMMARY_EXAMPLE], nextCursor: null },
  })
  async list(
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof view.licensePoolPage>> {
    const { limit, cursor } = query;
    const after = decodeCursor(cursor, view.licensePoolPlace);
    const found = await this.queries.execute(new ListLicensePools(limit + 1, after));
    const { items, nextCursor } = page(found, limit, placeOf);
    return { items: items.map(view.toSummary), nextCursor };
  }

  @Get(':id')
  @RequiresRole('viewer')
  @ApiOperation({
    summary: 'Show a licence pool, who has its seats, and what the servers say about that',
  })
  @Answers(200, view.licensePoolView, { description: 'The pool', example: view.POOL_EXAMPLE })
  @Problems('license-pool-not-found')
  @WithETag()
  async get(@Param('id', { schema: pathId }) id: string): Promise<z.input<typeof view.licensePoolView>> {
    return view.toView(await this.queries.execute(new GetLicensePool(id)));
  }

  @Patch(':id')
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Change a licence pool, or replace its token',
    description:
      'Workers that are registered stay so: another token is for registrations from now on. A smaller capacity takes ' +
      'nobody their seat.',
  })
  @Answers(200, view.licensePoolSummary, { description: 'The changed pool', example: view.SUMMARY_EXAMPLE })
  @Problems('license-pool-not-found', 'already-exists', 'version-conflict', 'precondition-failed')
  @WithETag()
  async update(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: input.changedLicensePool }) body: z.output<typeof input.changedLicensePool>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<view.LicensePoolSummary> {
    const { token = null, ...changes } = body;
    const command = new UpdateLicensePool(id, changes, token, context, version);
    return view.toSummary(await this.commands.execute(command));
  }

  @Delete(':id')
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Delete a licence pool',
    description: 'Its name is free again, and its token is removed once no worker refers to it.',
  })
  @AnswersNothing('No worker is registered with its token any more')
  @Problems('license-pool-not-found', 'license-pool-in-use', 'version-conflict', 'precondition-failed')
  async delete(
    @Param('id', { schema: pathId }) id: string,
    @Query({ schema: input.deletionQuery }) { force }: z.output<typeof input.deletionQuery>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<void> {
    await this.commands.execute(new DeleteLicensePool(id, force, context, version));
  }

  @Post(':id/seats/:workerId/free')
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Free a stranded seat',
    description:
      "By your word that Cisco does not count the licence any more: remove the server's instance in Smart Software " +
      'Manager first, or wait until its registration has run out.',
  })
  @Answers(200, view.licensePoolSummary, { description: 'The pool', example: view.SUMMARY_EXAMPLE })
  @Problems(
    ...(['license-pool-not-found', 'license-seat-not-found', 'license-seat-not-stranded'] as const),
    ...(['version-conflict', 'precondition-failed'] as const),
  )
  @WithETag()
  async free(
    @Param('id', { schema: pathId }) id: string,
    @Param('workerId', { schema: pathId }) workerId: string,
    @Body({ schema: input.freedSeat }) { reason }: z.output<typeof input.freedSeat>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<view.LicensePoolSummary> {
    const command = new FreeLicenseSeat(id, workerId, reason, { ...context, reason }, version);
    return view.toSummary(await this.commands.execute(command));
  }
}
