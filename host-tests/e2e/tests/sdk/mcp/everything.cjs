// Runs the reference server on loopback alone: argument 1 is the transport, `streamableHttp` or `sse`. By itself the
// server listens on every address. PORT is the port, 0 or nothing is any; the first line on stdout says which it is:
// {"port": n}.

const net = require("node:net");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  const then = rest.filter((argument) => typeof argument === "function");
  this.once("listening", () => process.stdout.write(JSON.stringify({ port: this.address().port }) + "\n"));
  return listen.call(this, Number(port), "127.0.0.1", ...then);
};
// What the server says goes to stderr: stdout is for the line above.
console.log = console.error;

process.env.PORT ??= "0";
import("@modelcontextprotocol/server-everything/dist/index.js");
