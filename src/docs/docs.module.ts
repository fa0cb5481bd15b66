import { Module } from "@nestjs/common";
import { ApiDescription } from "./api-description.js";
import { DocsController } from "./docs.controller.js";
import { HomeController } from "./home.controller.js";
import { ProblemsController } from "./problems.controller.js";

@Module({ controllers: [HomeController, DocsController, ProblemsController], providers: [ApiDescription] })
export class DocsModule {}
