import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import {
  Answers,
  CallerReach,
  decodeCursor,
  page,
  type Page,
  OfWorker,
  pathId,
  Problems,
  RequiresRole,
} from '../../http';
import { FleetClock } from '../../kernel/clocks';
import { type Reach } from '../../kernel/reach';
import { GetLabHistory } from '../application/get-lab-history.query';
import { GetLab } from '../application/get-lab.query';
import { GetLabs } from '../application/get-labs.query';
import { ageSeconds, type LabView, toLabView } from './lab.view';
import { pageOfLabs } from './page-of-labs';
import * as schemas from './labs.schemas';

type LabPageView = z.input<typeof schemas.labPage>;

const OF_THE_SERVER = ['invalid-transition', 'cml-refused', 'cml-unavailable'] as const;

@ApiTags('labs')
@Controller('api/v1/workers/:id/labs')
export class LabsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  @Get()
  @RequiresRole('user')
  @OfWorker()
  @ApiOperation({
    summary: 'List the labs of a worker, of all users, by title',
    description:
      'As they were last observed; `live=true` asks the CML server, and answers 409 where it does not run.',
  })
  @Answers(200, schemas.labPage, { description: 'One page of labs', example: schemas.LAB_PAGE_EXAMPLE })
  @Problems('worker-not-found', ...OF_THE_SERVER)
  async list(
    @Param('id', { schema: pathId }) id: string,
    @Query({ schema: schemas.labsQuery }) query: z.output<typeof schemas.labsQuery>,
    @CallerReach() reach: Reach,
  ): Promise<LabPageView> {
    const { limit, cursor, state = null, owner = null, live } = query;
    const after = decodeCursor(cursor, schemas.labPlace);
    const { labs, observedAt } = await this.queries.execute(new GetLabs(id, live, reach));
    const shown = pageOfLabs(labs, { states: state, owners: owner, after, limit });
    return {
      ...shown,
      items: [...shown.items],
      observedAt,
      ageSeconds: observedAt && ageSeconds(observedAt, this.clock.now()),
    };
  }

  @Get(':labId')
  @RequiresRole('user')
  @OfWorker()
  @ApiOperation({ summary: 'Show a lab, as it was last observed or as the CML server says now' })
  @Answers(200, schemas.labView, { description: 'The lab', example: schemas.LAB_EXAMPLE })
  @Problems('worker-not-found', 'lab-not-found', ...OF_THE_SERVER)
  async get(
    @Param('id', { schema: pathId }) id: string,
    @Param('labId', { schema: schemas.labId }) labId: string,
    @Query({ schema: schemas.labQuery }) { live }: z.output<typeof schemas.labQuery>,
    @CallerReach() reach: Reach,
  ): Promise<LabView> {
    return toLabView(await this.queries.execute(new GetLab(id, labId, live, reach)), this.clock.now());
  }

  @Get(':labId/history')
  @RequiresRole('viewer')
  @OfWorker()
  @ApiOperation({
    summary: 'How a lab changed in the last 90 days, as it was observed, oldest first',
    description: 'What came and went between two readings is not seen. Also of labs that are gone.',
  })
  @Answers(200, schemas.labChangePage, {
    description: 'One page of changes',
    example: { items: [schemas.LAB_CHANGE_EXAMPLE], nextCursor: null },
  })
  @Problems('worker-not-found', 'lab-not-found')
  async history(
    @Param('id', { schema: pathId }) id: string,
    @Param('labId', { schema: schemas.labId }) labId: string,
    @Query({ schema: schemas.labHistoryQuery }) query: z.output<typeof schemas.labHistoryQuery>,
    @CallerReach() reach: Reach,
  ): Promise<Page<z.input<typeof schemas.labChangeView>>> {
    const { limit, cursor } = query;
    const after = decodeCursor(cursor, schemas.labChangePlace);
    const changes = await this.queries.execute(
      new GetLabHistory(id, labId, { after, limit: limit + 1 }, reach),
    );
    return page(changes, limit, ({ at, id: changeId }) => ({ at, id: changeId }));
  }
}
