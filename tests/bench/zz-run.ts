import { startServers } from "./servers.js"; import { followThroughHttp } from "./zz-served.js"; import { perSecond } from "./figure.js";
const s=await startServers(); try { console.log(perSecond(await followThroughHttp(s,300))); } finally { await s.stop(); }
