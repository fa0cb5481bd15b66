import { Module } from "@nestjs/common";
import { APP_FILTER, APP_INTERCEPTOR } from "@nestjs/core";
import { AdministrativeKeys } from "./administrative-keys.js";
import { ContractInterceptor } from "./contract.interceptor.js";
import { ProblemFilter } from "./problem.filter.js";

@Module({
  providers: [
    AdministrativeKeys,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: ContractInterceptor },
  ],
  exports: [AdministrativeKeys],
})
export class HttpModule {}
