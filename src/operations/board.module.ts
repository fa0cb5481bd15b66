import { getQueueToken } from "@nestjs/bullmq";
import { Module } from "@nestjs/common";
import type { Queue } from "bullmq";
import { TIMERS_QUEUE } from "../timers/index.js";
import { BOARD_PATH, BoardController } from "./board.controller.js";
import { Board } from "./board.js";

/** The queues, shown to those who administer. */
@Module({
  controllers: [BoardController],
  providers: [
    {
      provide: Board,
      inject: [getQueueToken(TIMERS_QUEUE)],
      useFactory: (...queues: Queue[]) => new Board(queues, BOARD_PATH),
    },
  ],
})
export class BoardModule {}
