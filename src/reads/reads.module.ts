import { Global, Logger, Module, type OnModuleInit } from "@nestjs/common";
import { EnrolmentHeads } from "./enrolment-heads.js";
import { Reads } from "./reads.js";

/** Global, since every room reads. */
@Global()
@Module({ providers: [Reads, EnrolmentHeads], exports: [Reads, EnrolmentHeads] })
export class ReadsModule implements OnModuleInit {
  private readonly logger = new Logger("reads");

  constructor(private readonly reads: Reads) {}

  onModuleInit(): void {
    this.reads.listen(({ reader, ...reading }) => this.logger.debug({ msg: "read", reader: reader.id, ...reading }));
  }
}
