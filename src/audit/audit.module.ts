import { Module } from "@nestjs/common";
import { VerificationsController } from "./verifications.controller.js";

@Module({ controllers: [VerificationsController] })
export class AuditModule {}
