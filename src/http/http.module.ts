import { Module } from "@nestjs/common";
import { APP_FILTER, APP_INTERCEPTOR } from "@nestjs/core";
import { ContractInterceptor } from "./contract.interceptor.js";
import { ProblemFilter } from "./problem.filter.js";

@Module({
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: ContractInterceptor },
  ],
})
export class HttpModule {}
