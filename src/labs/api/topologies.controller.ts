import { Body, Controller, Get, Header, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import {
  Answers,
  AnswersText,
  CallerReach,
  decodeCursor,
  page,
  type Page,
  pageQuery,
  OfAllLabs,
  OfWorker,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
} from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { type Reach } from '../../kernel/reach';
import { OPERATION_EXAMPLE, operationView, type OperationView } from '../../operations';
import { GetKeptTopology } from '../application/get-kept-topology.query';
import { GetTopology, type TopologyText } from '../application/get-topology.query';
import { KeepTopologies } from '../application/keep-topologies.command';
import { ListTopologies } from '../application/list-topologies.query';
import { labId as labIdSchema, labRequestBody } from './labs.schemas';
import * as schemas from './topologies.schemas';

/** Node configurations may hold passwords: viewers see nothing of topologies, and caches keep none. */
@ApiTags('labs')
@Controller('api/v1/workers/:id')
export class TopologiesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('labs/:labId/topology')
  @RequiresRole('operator')
  @OfWorker()
  @Header('Content-Type', schemas.YAML_TYPE)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Download the topology of a lab as the CML server gives it now' })
  @AnswersText(schemas.YAML_TYPE, {
    description: 'CML’s own YAML, with the configurations of the nodes',
    example: schemas.YAML_EXAMPLE,
  })
  @Problems('worker-not-found', 'lab-not-found', 'invalid-transition', 'cml-refused', 'cml-unavailable')
  async download(
    @Param('id', { schema: pathId }) id: string,
    @Param('labId', { schema: labIdSchema }) labId: string,
    @CallerReach() reach: Reach,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return sent(await this.queries.execute(new GetTopology(id, labId, reach)), response);
  }

  @Post('topologies')
  @RequiresRole('operator')
  @OfWorker()
  @OfAllLabs()
  @ApiOperation({
    summary: 'Keep the topologies of all labs of a worker now',
    description:
      'Its operation reads them one by one; its result is `{kept, failed: [{labId, message}]}`. What did not change ' +
      'since it was last kept is not stored again. They are kept for 90 days, whatever becomes of the worker.',
  })
  @Answers(202, operationView, {
    description: 'The operation that does it; Location leads to it',
    example: { ...OPERATION_EXAMPLE, kind: 'keep-topologies', message: '3 of 8 topologies read.' },
  })
  @Problems('worker-not-found', 'invalid-transition', 'cml-unavailable')
  async keep(
    @Param('id', { schema: pathId }) id: string,
    @Body({ schema: labRequestBody }) { reason }: z.output<typeof labRequestBody>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationView> {
    const own = reason === undefined ? context : { ...context, reason };
    const operation = await this.commands.execute(new KeepTopologies(id, own));
    response.location(`/api/v1/operations/${operation.id}`);
    return operation;
  }

  @Get('topologies')
  @RequiresRole('operator')
  @OfWorker()
  @OfAllLabs()
  @ApiOperation({ summary: 'List the topologies that are kept of a worker, newest first' })
  @Answers(200, schemas.topologyPage, {
    description: 'One page of topologies, without their texts',
    example: { items: [schemas.TOPOLOGY_EXAMPLE], nextCursor: null },
  })
  @Problems('worker-not-found')
  async list(
    @Param('id', { schema: pathId }) id: string,
    @Query({ schema: pageQuery }) { limit, cursor }: z.output<typeof pageQuery>,
    @CallerReach() reach: Reach,
  ): Promise<Page<z.input<typeof schemas.topologyView>>> {
    const after = decodeCursor(cursor, schemas.topologyPlace);
    const found = await this.queries.execute(new ListTopologies(id, after, limit + 1, reach));
    return page(found, limit, ({ keptAt, id: topologyId }) => ({ keptAt, id: topologyId }));
  }

  @Get('topologies/:topologyId')
  @RequiresRole('operator')
  @OfWorker()
  @OfAllLabs()
  @Header('Content-Type', schemas.YAML_TYPE)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Download a topology that is kept' })
  @AnswersText(schemas.YAML_TYPE, {
    description: 'CML’s own YAML, as the server gave it when it was kept',
    example: schemas.YAML_EXAMPLE,
  })
  @Problems('topology-not-found')
  async downloadKept(
    @Param('id', { schema: pathId }) id: string,
    @Param('topologyId', { schema: pathId }) topologyId: string,
    @CallerReach() reach: Reach,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return sent(await this.queries.execute(new GetKeptTopology(id, topologyId, reach)), response);
  }
}

/** Signs of a file's name, which a title may have many more of. */
const LONGEST_NAME = 200;

/** As a file, called after the lab. */
function sent({ text, labId, title }: TopologyText, response: Response): string {
  const name = (title ?? '')
    .slice(0, LONGEST_NAME)
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  response.attachment(`${name === '' ? labId : name}.yaml`);
  // attachment() has taken the type from the file's name
  response.type(schemas.YAML_TYPE);
  return text.reveal();
}
