import { Controller, Get, Redirect } from "@nestjs/common";
import { ApiExcludeController } from "@nestjs/swagger";
import { Route } from "../http/index.js";

/** Whoever types the address alone. The description is no part of it: a web application may stand here one day. */
@ApiExcludeController()
@Controller()
export class HomeController {
  @Get()
  @Redirect("/docs", 302)
  @Route({ summary: "Leads to /docs", access: "public", answer: { status: 302, description: "See /docs." } })
  home(): void {}
}
