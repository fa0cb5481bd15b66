import { Module, type BeforeApplicationShutdown, type OnModuleInit } from "@nestjs/common";
import { Broadcast } from "../platform/broadcast.js";
import { StreamController } from "./stream.controller.js";
import { StreamMetrics } from "./stream-metrics.js";
import { Streams } from "./streams.js";

/** Streams of what was committed in any process. */
@Module({
  controllers: [StreamController],
  providers: [
    StreamMetrics,
    { provide: Streams, inject: [StreamMetrics], useFactory: (metrics: StreamMetrics) => new Streams(metrics) },
  ],
})
export class StreamModule implements OnModuleInit, BeforeApplicationShutdown {
  constructor(
    private readonly broadcast: Broadcast,
    private readonly streams: Streams,
  ) {}

  onModuleInit(): void {
    this.broadcast.listen(this.streams);
    this.streams.start();
  }

  /** The server drains only once nobody follows any more. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.streams.close();
  }
}
