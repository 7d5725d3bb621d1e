/*
 * What lighttpd lacks as an edge, where its own timeouts count nothing but idleness:
 *
 * - A client that sends a little every second is cut: a request header has 15 seconds, a body 15 seconds and one more
 *   for each 500 bytes that came.
 * - A client that does not take what is there for it is cut after 15 seconds, while one that waits for its node is not.
 * - While the machine stood still nobody was slow: lighttpd would cut everybody whose bytes it has not looked at yet.
 * - A request that is asked again goes to another node first: the one that died with it may be dying still.
 * - The access log learns which node answered (%{node}e), and nothing of HTTP/2 connections that end.
 * - Before a reconfiguration (SIGHUP, see reload) kept connections get ready to end with their next answer. lighttpd would
 *   close those that are idle at once, where a request may be on its way.
 *
 * A connection is cut by making it look idle: the checks of lighttpd run right after this hook, every second.
 */
/* What lighttpd's configure finds on Debian, as far as its headers ask. */
#define _GNU_SOURCE
#define HAVE_GMTIME_R 1
#define HAVE_LOCALTIME_R 1
#define HAVE_PCRE2_H 1
#define HAVE_SOCKLEN_T 1
#define HAVE_STDINT_H 1
#define HAVE_SYS_TIME_H 1
#define HAVE_SYS_UN_H 1
#define HAVE_TIMEGM 1
#include "first.h"

#include <string.h>
#include <time.h>

#include "base.h"
#include "gw_backend.h"
#include "http_header.h"
#include "log.h"
#include "plugin.h"
#include "request.h"

#define PATIENCE 15
#define BYTES_PER_SECOND 500
/* Longer than any timeout that can be configured. */
#define LONG_AGO 65536
/* Between two calls of a hook that is due every second. */
#define STANDSTILL 3

typedef struct {
    PLUGIN_DATA;
} plugin_data;

/* This process makes way for another one. */
static int leaving;

/* The end of the last standstill, in seconds of the clock. */
static unix_time64_t resumed;

INIT_FUNC(mod_slipway_init) {
    return ck_calloc(1, sizeof(plugin_data));
}

static int idle(const connection *con) {
    return con->request.state == CON_STATE_READ && chunkqueue_is_empty(con->read_queue);
}

static unix_time64_t seconds_since_start(const request_st *r) {
    return log_epoch_secs - (r->start_hp.tv_sec > resumed ? r->start_hp.tv_sec : resumed);
}

static int slow_header(const connection *con) {
    const request_st * const r = &con->request;
    /* Between two requests there is no start; the timeouts of idle connections are at work. */
    if (r->state != CON_STATE_READ || leaving || (con->request_count > 1 && idle(con))) return 0;
    return seconds_since_start(r) > PATIENCE;
}

static int slow_body(const request_st *r) {
    if (r->state != CON_STATE_READ_POST || r->reqbody_length == r->reqbody_queue.bytes_in) return 0;
    return seconds_since_start(r) > PATIENCE + r->reqbody_queue.bytes_in / BYTES_PER_SECOND;
}

static int slow_sender(const connection *con) {
    if (con->hx == NULL) return slow_header(con) || slow_body(&con->request);
    for (uint32_t i = 0; i < con->hx->rused; ++i) {
        if (slow_body(con->hx->r[i])) return 1;
    }
    return 0;
}

static int slow_receiver(const connection *con) {
    if (con->write_request_ts == 0 || log_monotonic_secs - con->write_request_ts <= PATIENCE) return 0;
    if (!chunkqueue_is_empty(con->write_queue)) return 1;
    for (uint32_t i = 0; con->hx != NULL && i < con->hx->rused; ++i) {
        if (!chunkqueue_is_empty(&con->hx->r[i]->write_queue)) return 1;
    }
    return 0;
}

/* Or the clock was set: its seconds are those of requests. The timeouts of lighttpd begin anew as well. */
static void forgive_standstill(server *srv) {
    static unix_time64_t last_monotonic, last_clock;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const unix_time64_t clock = time(NULL), monotonic = now.tv_sec;
    if (last_clock != 0 && (monotonic - last_monotonic > STANDSTILL || clock - last_clock > STANDSTILL)) {
        resumed = clock;
        for (connection *con = srv->conns; con; con = con->next) {
            con->read_idle_ts = monotonic;
            if (con->write_request_ts != 0) con->write_request_ts = monotonic;
        }
    }
    last_monotonic = monotonic;
    last_clock = clock;
}

TRIGGER_FUNC(mod_slipway_trigger) {
    UNUSED(p_d);
    forgive_standstill(srv);
    for (connection *con = srv->conns; con; con = con->next) {
        if (slow_sender(con)) con->read_idle_ts = log_monotonic_secs - LONG_AGO;
        if (slow_receiver(con)) con->write_request_ts = log_monotonic_secs - LONG_AGO;
    }
    return HANDLER_GO_ON;
}

/* lighttpd spares a connection that had no request yet. */
SIGHUP_FUNC(mod_slipway_leave) {
    UNUSED(p_d);
    leaving = 1;
    for (connection *con = srv->conns; con; con = con->next) {
        if (con->hx == NULL && con->request_count > 1) con->request_count = 1;
    }
    return HANDLER_GO_ON;
}

/* Of mod_fastcgi or mod_proxy: a configuration has one of them. Called for each node that could be reached. */
static handler_t (*create_request)(gw_handler_ctx *);

static handler_t note_node(gw_handler_ctx *hctx) {
    request_st * const r = hctx->r;
    const buffer * const node = hctx->host->id;
    const handler_t result = create_request(hctx);
    /* Afterwards, so that the application is not told. */
    http_header_env_set(r, CONST_STR_LEN("node"), BUF_PTR_LEN(node));
    return result;
}

/* A node that died with this request may be dying still: it is passed over, if another one is there. */
static void ask_another(gw_handler_ctx *hctx, const buffer *node) {
    gw_host * const chosen = hctx->host;
    if (node == NULL || !buffer_is_equal(chosen->id, node)) return;
    for (uint32_t i = 0; i < hctx->ext->used; ++i) {
        gw_host * const other = hctx->ext->hosts[i];
        if (other == chosen || other->active_procs == 0) continue;
        *chosen->stats_load = --chosen->load;
        *other->stats_load = ++other->load;
        hctx->host = other;
        return;
    }
}

/* Comes after the modules that choose a node. */
URIHANDLER_FUNC(mod_slipway_uri_clean) {
    UNUSED(p_d);
    const plugin * const handler = r->handler_module;
    if (handler == NULL || (strcmp(handler->name, "fastcgi") != 0 && strcmp(handler->name, "proxy") != 0)) return HANDLER_GO_ON;
    gw_handler_ctx * const hctx = r->plugin_ctx[((plugin_data *)handler->data)->id];
    if (hctx != NULL && hctx->create_env != note_node) {
        ask_another(hctx, http_header_env_get(r, CONST_STR_LEN("node")));
        create_request = hctx->create_env;
        hctx->create_env = note_node;
    }
    return HANDLER_GO_ON;
}

REQUEST_FUNC(mod_slipway_response_start) {
    UNUSED(p_d);
    if (leaving) r->keep_alive = 0;
    return HANDLER_GO_ON;
}

/* The end of an HTTP/2 connection is no request; the access log comes after this hook. */
REQUEST_FUNC(mod_slipway_request_done) {
    UNUSED(p_d);
    /* The next one on this connection, if there is one, counts as the first. */
    if (leaving && r->http_version <= HTTP_VERSION_1_1) r->con->request_count = 0;
    return r->http_status == 100 ? HANDLER_FINISHED : HANDLER_GO_ON;
}

__attribute_cold__
__declspec_dllexport__
int mod_slipway_plugin_init(plugin *p);
int mod_slipway_plugin_init(plugin *p) {
    p->version = LIGHTTPD_VERSION_ID;
    p->name = "slipway";
    p->init = mod_slipway_init;
    p->handle_sighup = mod_slipway_leave;
    p->handle_trigger = mod_slipway_trigger;
    p->handle_uri_clean = mod_slipway_uri_clean;
    p->handle_response_start = mod_slipway_response_start;
    p->handle_request_done = mod_slipway_request_done;
    return 0;
}
