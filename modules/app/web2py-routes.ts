/** Name of the team's own routes.py in the image, untouched. */
export const OWN_ROUTES = "own_routes.py";

/**
 * The text of the root `routes.py`: web2py executes it in every process and under every server, which makes it the one
 * way by which settings always reach an application that nobody changed, compiled or not.
 */
export function web2pyRoutes(applications: readonly string[], own: boolean): string {
  return `"""Written by Slipway."""
from slipway_node import web2py_deployment

web2py_deployment.install()

# web2py's own text links to admin.
error_message_ticket = "<html><body><h1>Internal error</h1>Ticket issued: %(ticket)s</body></html>"
${
  own
    ? `
with open("/srv/app/${OWN_ROUTES}") as own:
    exec(compile(own.read(), "${OWN_ROUTES}", "exec"))
`
    : `routers = web2py_deployment.routers(${JSON.stringify(applications)})
`
}`;
}
