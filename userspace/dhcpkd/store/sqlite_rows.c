// SPDX-License-Identifier: GPL-2.0-or-later
/* Bindings to rows and back. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "dhcpkd/store/sqlite_rows.h"
#include "dhcpkd/store/boots.h"
#include "dhcpkd/store/check.h"
#include "dhcpkd/store/sqlite_wal.h"

#define DAY_NS	(UINT64_C(24) * 3600 * 1000000000)

/* ---- writing ---- */

static void bind_bytes(sqlite3_stmt *q, int i, const void *bytes, int len)
{
	sqlite3_bind_blob(q, i, bytes, len, SQLITE_STATIC);
}

static void bind_time(sqlite3_stmt *q, int i, uint64_t t)
{
	if (t > INT64_MAX)
		sqlite3_bind_null(q, i);
	else
		sqlite3_bind_int64(q, i, t);
}

int sqlite_put(struct store *base, const struct binding *b, struct err *e)
{
	struct sqlite *s = sqlite_of(base);
	sqlite3_stmt *q = sqlite_statement(s, PUT);

	sqlite3_bind_int64(q, 1, b->ip);
	sqlite3_bind_int(q, 2, b->state);
	sqlite3_bind_int(q, 3, b->htype);
	bind_bytes(q, 4, b->chaddr, b->chaddr_len);
	sqlite3_bind_int(q, 5, b->id_kind);
	bind_bytes(q, 6, b->id, b->id_len);
	sqlite3_bind_int64(q, 7, ntohl(b->server_id));
	bind_bytes(q, 8, b->hostname, b->hostname_len);
	bind_bytes(q, 9, b->agent, b->agent_len);
	sqlite3_bind_int64(q, 10, s->base.boots[s->base.n_boots - 1].n);
	bind_time(q, 11, b->starts);
	bind_time(q, 12, b->expires);
	bind_time(q, 13, b->horizon);
	return sqlite_run(s, PUT, "writing a binding", e);
}

sqlite3_stmt *sqlite_select(struct sqlite *s, enum sqlite_statement n, uint32_t subnet,
			    uint8_t prefix)
{
	uint32_t mask = prefix ? ~UINT32_C(0) << (32 - prefix) : 0;
	sqlite3_stmt *q = sqlite_statement(s, n);

	sqlite3_bind_int64(q, 1, subnet & mask);
	sqlite3_bind_int64(q, 2, subnet | ~mask);
	return q;
}

int sqlite_del_net(struct store *base, uint32_t subnet, uint8_t prefix, struct err *e)
{
	struct sqlite *s = sqlite_of(base);

	sqlite_select(s, DEL_NET, subnet, prefix);
	return sqlite_run(s, DEL_NET, "deleting bindings", e);
}

/* ---- reading ---- */

enum column {
	KEY, STATE, HTYPE, CHADDR, ID_KIND, ID, SERVER_ID, HOSTNAME, AGENT, BOOT, STARTS, EXPIRES, HORIZON, N_COLUMNS
};

static const char *const column_names[N_COLUMNS] = {
	"key", "state", "htype", "chaddr", "id_kind", "id", "server_id", "hostname", "agent", "boot", "starts", "expires",
	"horizon",
};

/* A row under way: what is wrong with it first is what is said of it. */
struct reader {
	sqlite3_stmt	*q;
	char		*why;
};

static void wrong(struct reader *r, enum column c, const char *wants, uint64_t number)
{
	if (!*r->why)
		snprintf(r->why, 96, "its %s is not %s%llu", column_names[c], wants, (unsigned long long)number);
}

static int64_t take_number(struct reader *r, enum column c, int64_t max)
{
	int64_t n = sqlite3_column_int64(r->q, c);

	if (sqlite3_column_type(r->q, c) == SQLITE_INTEGER && n >= 0 && n <= max)
		return n;
	wrong(r, c, "a number from 0 to ", max);
	return 0;
}

static size_t take_bytes(struct reader *r, enum column c, void *bytes, size_t max)
{
	size_t len = sqlite3_column_bytes(r->q, c);

	if (sqlite3_column_type(r->q, c) != SQLITE_BLOB || len > max) {
		wrong(r, c, "bytes, at most ", max);
		return 0;
	}
	if (len)
		memcpy(bytes, sqlite3_column_blob(r->q, c), len);
	return len;
}

/* What it is in the row, CLOCK_BOOTTIME ns of its boot */
static uint64_t take_time(struct reader *r, enum column c)
{
	return sqlite3_column_type(r->q, c) == SQLITE_NULL ? CLOCK_NEVER : (uint64_t)take_number(r, c, INT64_MAX);
}

/* 19 bits of the boot and 44 of the time, 16 microseconds each: what has no room is as late as can be said. */
static uint64_t order_of(int64_t boot, uint64_t starts)
{
	const uint64_t boots = (1 << 19) - 1, times = (UINT64_C(1) << 44) - 1;

	starts >>= 14;
	return ((uint64_t)boot < boots ? (uint64_t)boot : boots) << 44 | (starts < times ? starts : times);
}

/* Its times, and so its place in time; nothing of a boot that is not known. */
static void take_times(struct sqlite *s, struct reader *r, struct binding *b)
{
	int64_t n = take_number(r, BOOT, INT64_MAX);
	const struct clock_boot *boot = store_boot(&s->base, n);
	uint64_t starts;

	if (!boot && !*r->why)
		snprintf(r->why, 96, "its boot is none that the file knows");
	if (!boot)
		return;
	starts = take_time(r, STARTS);
	b->order = order_of(n, starts);
	b->starts = clock_convert(boot, starts);
	b->expires = clock_convert(boot, take_time(r, EXPIRES));
	b->horizon = clock_convert(boot, take_time(r, HORIZON));
}

/*
 * The horizon of a row, if its state is bound or released. In any other row, and in one whose state is unreadable, the later
 * one of horizon and end counts; an end that is unreadable does not.
 */
static uint64_t take_until(struct reader *r)
{
	bool state = sqlite3_column_type(r->q, STATE) == SQLITE_INTEGER;
	int64_t is = sqlite3_column_int64(r->q, STATE);
	uint64_t horizon = take_time(r, HORIZON), expires;
	char ignored[96] = "";

	if (state && (is == DHCPK_LEASE_BOUND || is == DHCPK_LEASE_RELEASED))
		return horizon;
	expires = take_time(&(struct reader){ r->q, ignored }, EXPIRES);
	return expires > horizon ? expires : horizon;
}

/*
 * Until when must its address be kept from others? The columns of its times say so, whatever is in the others. Where the boot
 * is not known, the row was not written later than now; where not even the times can be read, a day is as good as any.
 */
static uint64_t rest_until(struct sqlite *s, sqlite3_stmt *q, uint64_t now)
{
	char why[96] = "";
	struct reader r = { q, why };
	uint64_t horizon = take_until(&r), starts;
	const struct clock_boot *boot;

	if (*why)
		return now + DAY_NS;
	if (!horizon)
		return 0;
	boot = store_boot(&s->base, take_number(&r, BOOT, INT64_MAX));
	if (boot && !*why)
		return clock_convert(boot, horizon);
	*why = '\0';
	starts = take_time(&r, STARTS);
	if (*why || horizon == CLOCK_NEVER || horizon < starts)
		return now + DAY_NS;
	return horizon - starts < CLOCK_NEVER - now ? now + (horizon - starts) : CLOCK_NEVER;
}

static enum row_kind rests(struct sqlite *s, sqlite3_stmt *q, struct binding *b)
{
	struct clock_now now;
	struct err ignored;

	*b = (struct binding){ .ip = sqlite3_column_int64(q, KEY) };
	if (!b->ip)
		return ROW_BAD;
	if (s->base.now(&now, &ignored))
		now.boot_ns = clock_boot_ns();
	b->horizon = rest_until(s, q, now.boot_ns);
	binding_rest(b);
	return b->horizon > now.boot_ns ? ROW_RESTS : ROW_BAD;
}

enum row_kind sqlite_take_row(struct sqlite *s, sqlite3_stmt *q, struct binding *b, char why[96])
{
	struct reader r = { q, why };
	const char *cannot;

	*why = '\0';
	*b = (struct binding){
		.ip = sqlite3_column_int64(q, KEY), .state = take_number(&r, STATE, UINT8_MAX),
		.htype = take_number(&r, HTYPE, UINT8_MAX), .id_kind = take_number(&r, ID_KIND, UINT16_MAX),
		.server_id = htonl(take_number(&r, SERVER_ID, UINT32_MAX)),
	};
	b->chaddr_len = take_bytes(&r, CHADDR, b->chaddr, sizeof(b->chaddr));
	b->id_len = take_bytes(&r, ID, b->id, sizeof(b->id));
	b->hostname_len = take_bytes(&r, HOSTNAME, b->hostname, sizeof(b->hostname));
	b->agent_len = take_bytes(&r, AGENT, b->agent, sizeof(b->agent));
	take_times(s, &r, b);
	cannot = *why ? NULL : binding_check(b);
	if (cannot)
		snprintf(why, 96, "%s", cannot);
	return *why ? rests(s, q, b) : ROW_GOOD;
}

int sqlite_each(struct store *base, uint32_t subnet, uint8_t prefix,
		int (*each)(const struct binding *b, void *arg), void *arg, struct err *e)
{
	struct sqlite *s = sqlite_of(base);
	int step = SQLITE_ERROR, result = 0;
	struct binding b;
	sqlite3_stmt *q;
	char why[96];

	if (sqlite_readable(s, e))
		return -1;
	q = sqlite_select(s, EACH, subnet, prefix);
	while (q && !result && (step = sqlite3_step(q)) == SQLITE_ROW) {
		if (sqlite_take_row(s, q, &b, why) != ROW_BAD)
			result = each(&b, arg);
	}
	if (!result && step != SQLITE_DONE)
		result = sqlite_error(s, "reading it", e);
	sqlite3_reset(q);
	return result;
}

int sqlite_count(struct store *base, uint32_t subnet, uint8_t prefix, uint64_t *n, struct err *e)
{
	struct sqlite *s = sqlite_of(base);
	sqlite3_stmt *q;
	int result;

	if (sqlite_readable(s, e))
		return -1;
	q = sqlite_select(s, COUNT, subnet, prefix);
	result = q && sqlite3_step(q) == SQLITE_ROW ? 0 : sqlite_error(s, "reading it", e);
	*n = sqlite3_column_int64(q, 0);
	sqlite3_reset(q);
	return result;
}
