// SPDX-License-Identifier: GPL-2.0-or-later
/* Leases to rows and back. */
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

int sqlite_put(struct store *base, const struct stored_lease *l, struct err *e)
{
	struct sqlite *s = sqlite_of(base);
	sqlite3_stmt *q = sqlite_statement(s, PUT);

	sqlite3_bind_int64(q, 1, l->ip);
	sqlite3_bind_int(q, 2, l->state);
	sqlite3_bind_int(q, 3, l->htype);
	bind_bytes(q, 4, l->chaddr, l->chaddr_len);
	sqlite3_bind_int(q, 5, l->id_kind);
	bind_bytes(q, 6, l->id, l->id_len);
	sqlite3_bind_int64(q, 7, ntohl(l->server_id));
	bind_bytes(q, 8, l->hostname, l->hostname_len);
	bind_bytes(q, 9, l->agent, l->agent_len);
	sqlite3_bind_int64(q, 10, s->base.boots[s->base.n_boots - 1].n);
	bind_time(q, 11, l->starts);
	bind_time(q, 12, l->expires);
	bind_time(q, 13, l->horizon);
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
	KEY, STATE, HTYPE, CHADDR, ID_KIND, ID, SERVER_ID, HOSTNAME, AGENT, BOOT, STARTS, EXPIRES,
	HORIZON, N_COLUMNS
};

static const char *const column_names[N_COLUMNS] = {
	"key", "state", "htype", "chaddr", "id_kind", "id", "server_id", "hostname", "agent",
	"boot", "starts", "expires", "horizon",
};

/* The current row; @why is its first error. */
struct reader {
	sqlite3_stmt	*q;
	char		*why;
};

static void set_reason(struct reader *r, enum column c, const char *wants, uint64_t number)
{
	if (!*r->why)
		snprintf(r->why, 96, "its %s is not %s%llu", column_names[c], wants,
			 (unsigned long long)number);
}

static int64_t take_number(struct reader *r, enum column c, int64_t max)
{
	int64_t n = sqlite3_column_int64(r->q, c);

	if (sqlite3_column_type(r->q, c) == SQLITE_INTEGER && n >= 0 && n <= max)
		return n;
	set_reason(r, c, "a number from 0 to ", max);
	return 0;
}

static size_t take_bytes(struct reader *r, enum column c, void *bytes, size_t max)
{
	size_t len = sqlite3_column_bytes(r->q, c);

	if (sqlite3_column_type(r->q, c) != SQLITE_BLOB || len > max) {
		set_reason(r, c, "bytes, at most ", max);
		return 0;
	}
	if (len)
		memcpy(bytes, sqlite3_column_blob(r->q, c), len);
	return len;
}

/* As in the row: CLOCK_BOOTTIME ns of its boot */
static uint64_t take_time(struct reader *r, enum column c)
{
	if (sqlite3_column_type(r->q, c) == SQLITE_NULL)
		return CLOCK_NEVER;
	return take_number(r, c, INT64_MAX);
}

/*
 * 19 bits for the boot and 44 for the time in units of 16 microseconds; larger values are clamped.
 */
static uint64_t order_of(int64_t boot, uint64_t starts)
{
	const uint64_t boots = (1 << 19) - 1, times = (UINT64_C(1) << 44) - 1;

	starts >>= 14;
	return ((uint64_t)boot < boots ? (uint64_t)boot : boots) << 44 |
	       (starts < times ? starts : times);
}

/* Read the times, and the lease's order from them. Without a known boot they stay 0. */
static void take_times(struct sqlite *s, struct reader *r, struct stored_lease *l)
{
	int64_t n = take_number(r, BOOT, INT64_MAX);
	const struct clock_boot *boot = store_boot(&s->base, n);
	uint64_t starts;

	if (!boot && !*r->why)
		snprintf(r->why, 96, "its boot is not in the file");
	if (!boot)
		return;
	starts = take_time(r, STARTS);
	l->order = order_of(n, starts);
	l->starts = clock_convert(boot, starts);
	l->expires = clock_convert(boot, take_time(r, EXPIRES));
	l->horizon = clock_convert(boot, take_time(r, HORIZON));
}

/*
 * The horizon of a row, if its state is bound or released. In any other row, and in one whose state
 * is unreadable, the later one of horizon and end counts; an end that is unreadable does not.
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
 * How long must other clients not get the address? Only the time columns decide. If the boot is
 * unknown, the row was not written later than now. If the times are unreadable, a day is assumed.
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

static enum row_kind take_resting(struct sqlite *s, sqlite3_stmt *q, struct stored_lease *l)
{
	struct clock_now now;
	struct err ignored;

	*l = (struct stored_lease){ .ip = sqlite3_column_int64(q, KEY) };
	if (!l->ip)
		return ROW_BAD;
	if (s->base.now(&now, &ignored))
		now.boot_ns = clock_boot_ns();
	l->horizon = rest_until(s, q, now.boot_ns);
	lease_rest(l);
	return l->horizon > now.boot_ns ? ROW_RESTS : ROW_BAD;
}

enum row_kind sqlite_take_row(struct sqlite *s, sqlite3_stmt *q, struct stored_lease *l,
			      char why[96])
{
	struct reader r = { q, why };
	const char *cannot;

	*why = '\0';
	*l = (struct stored_lease){
		.ip = sqlite3_column_int64(q, KEY),
		.state = take_number(&r, STATE, UINT8_MAX),
		.htype = take_number(&r, HTYPE, UINT8_MAX),
		.id_kind = take_number(&r, ID_KIND, UINT16_MAX),
		.server_id = htonl(take_number(&r, SERVER_ID, UINT32_MAX)),
	};
	l->chaddr_len = take_bytes(&r, CHADDR, l->chaddr, sizeof(l->chaddr));
	l->id_len = take_bytes(&r, ID, l->id, sizeof(l->id));
	l->hostname_len = take_bytes(&r, HOSTNAME, l->hostname, sizeof(l->hostname));
	l->agent_len = take_bytes(&r, AGENT, l->agent, sizeof(l->agent));
	take_times(s, &r, l);
	cannot = *why ? NULL : lease_check(l);
	if (cannot)
		snprintf(why, 96, "%s", cannot);
	return *why ? take_resting(s, q, l) : ROW_GOOD;
}

int sqlite_each(struct store *base, uint32_t subnet, uint8_t prefix,
		int (*each)(const struct stored_lease *l, void *arg), void *arg, struct err *e)
{
	struct sqlite *s = sqlite_of(base);
	int step = SQLITE_ERROR, result = 0;
	struct stored_lease l;
	sqlite3_stmt *q;
	char why[96];

	if (sqlite_readable(s, e))
		return -1;
	q = sqlite_select(s, EACH, subnet, prefix);
	while (q && !result && (step = sqlite3_step(q)) == SQLITE_ROW) {
		if (sqlite_take_row(s, q, &l, why) != ROW_BAD)
			result = each(&l, arg);
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
