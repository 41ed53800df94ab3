/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the store share: a directory, a clock that they set, random bindings and a model of what must be there. */
#ifndef STORE_UTIL_H
#define STORE_UTIL_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkd/store/check.h"
#include "dhcpkd/store/open.h"
#include "dhcpkd/store/sqlite_db.h"
#include "dhcpkd/store/sqlite_schema.h"

#define SECOND		UINT64_C(1000000000)
#define YEAR		((int64_t)(365 * 86400 * SECOND))
#define N_NETS		3
#define N_IPS		24
#define N_KEYS		(N_NETS * N_IPS)
#define LAN		0xc0a80000u	/* the net of keys N_IPS to 2 * N_IPS - 1, a /24 */

/* ---- a directory ---- */

static char dir[64];

static inline void make_dir(void)
{
	strcpy(dir, access("/dev/shm", W_OK) ? "/tmp/dhcpk-store.XXXXXX" : "/dev/shm/dhcpk-store.XXXXXX");
	if (!mkdtemp(dir))
		abort();
}

static inline char *path_of(const char *name)
{
	static char path[4][128];
	static int i;

	i = (i + 1) % 4;
	snprintf(path[i], sizeof(path[i]), "%s/%s", dir, name);
	return path[i];
}

static inline void remove_files(void)
{
	static const char *const names[] = { "leases.db", "leases.db-wal", "leases.db.new", "leases.db-shm", "leases.db-journal",
		"leases.db.lock" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove(path_of(names[i]));
}

static inline void remove_dir(void)
{
	remove_files();
	rmdir(dir);
}

/* A whole file, NULL if it is not there. */
static inline uint8_t *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes;
	long size;

	*len = 0;
	if (!f)
		return NULL;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	bytes = malloc(size + 1);
	*len = bytes ? fread(bytes, 1, size, f) : 0;
	if (bytes)
		bytes[*len] = '\0';
	fclose(f);
	return bytes;
}

static inline void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(bytes, 1, len, f) != len)
		abort();
	fclose(f);
}

/* By a program of its own, as far as SQLite can tell */
static inline void run_sql(const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path_of("leases.db"), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix") ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL)) {
		printf("# %s: %s\n", sql, sqlite3_errmsg(db));
		abort();
	}
	sqlite3_close(db);
}

/* ---- a clock ---- */

static struct clock_now fake = { 100 * SECOND, 1700000000 * SECOND, "boot-1" };

static inline int fake_clock(struct clock_now *now, struct err *e)
{
	*now = fake;
	return 0;
}

static inline int open_store(struct store **s, struct err *e)
{
	return store_open_clock(s, dir, fake_clock, e);
}

/* ---- random bindings ---- */

static uint64_t seed = 88172645463325252;

static inline uint64_t any(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

static inline size_t any_bytes(uint8_t *bytes, size_t max)
{
	static const uint8_t likely[] = { 0, 0, 255, '\'', 'a' };
	size_t len = any(3) ? any(max + 1) : any(2) * max, i;

	for (i = 0; i < len; i++)
		bytes[i] = any(2) ? likely[any(sizeof(likely))] : any(256);
	return len;
}

static inline uint64_t any_time(void)
{
	switch (any(5)) {
	case 0: return CLOCK_NEVER;
	case 1: return 0;
	case 2: return INT64_MAX;
	default: return any(UINT64_C(1) << (1 + any(62)));
	}
}

/* In the order of addresses; the first and the last that there are, and 2^31 */
static inline uint32_t ip_of(int key)
{
	static const uint32_t bases[N_NETS] = { 1, LAN, 0xffffffff - (N_IPS - 1) };

	return key == N_IPS - 1 ? 0x80000000 : bases[key / N_IPS] + key % N_IPS;
}

/* Anything that the kernel would take */
static inline void any_binding(int key, struct stored_lease *b)
{
	static const uint8_t states[] = { DHCPK_LEASE_BOUND, DHCPK_LEASE_RELEASED, DHCPK_LEASE_DECLINED, DHCPK_LEASE_RESTING };

	memset(b, 0, sizeof(*b));
	b->ip = ip_of(key);
	b->state = states[any(4)];
	b->htype = any(256);
	b->chaddr_len = any_bytes(b->chaddr, sizeof(b->chaddr));
	b->id_len = any_bytes(b->id, sizeof(b->id));
	if (!b->id_len && !lease_rests(b))
		b->id_len = 1;
	b->id_kind = b->id_len ? any(LEASE_ID_NONE) : 0;
	b->server_id = any(2) ? any(UINT64_C(1) << 32) : 0;
	b->hostname_len = any_bytes(b->hostname, sizeof(b->hostname));
	b->agent_len = any_bytes(b->agent, LEASE_AGENT_MAX);
	b->starts = any_time();
	b->expires = any_time();
	b->horizon = any_time();
}

/* ---- what must be there ---- */

struct model {
	bool		there[N_KEYS];
	struct stored_lease	b[N_KEYS];
};

static inline bool same(const struct stored_lease *a, const struct stored_lease *b)
{
	return a->ip == b->ip && a->state == b->state && a->htype == b->htype &&
	       a->chaddr_len == b->chaddr_len && !memcmp(a->chaddr, b->chaddr, a->chaddr_len) && a->id_kind == b->id_kind &&
	       a->id_len == b->id_len && !memcmp(a->id, b->id, a->id_len) && a->server_id == b->server_id &&
	       a->hostname_len == b->hostname_len && !memcmp(a->hostname, b->hostname, a->hostname_len) &&
	       a->agent_len == b->agent_len && !memcmp(a->agent, b->agent, a->agent_len) && a->starts == b->starts &&
	       a->expires == b->expires && a->horizon == b->horizon;
}

struct comparison {
	const struct model	*m;
	int			key;
};

static inline int next_key(const struct model *m, int key)
{
	while (key < N_KEYS && !m->there[key])
		key++;
	return key;
}

static inline int compare_one(const struct stored_lease *b, void *arg)
{
	struct comparison *c = arg;
	int key = next_key(c->m, c->key);

	if (key == N_KEYS || !same(b, &c->m->b[key]))
		return 1;
	c->key = key + 1;
	return 0;
}

/* All of @m in its order, and nothing besides? */
static inline bool holds(struct store *s, const struct model *m)
{
	struct comparison c = { m };
	struct err e = {};

	if (store_each(s, 0, 0, compare_one, &c, &e)) {
		fprintf(stderr, "# key %d: %s\n", c.key, e.text);
		return false;
	}
	return next_key(m, c.key) == N_KEYS;
}

/* A transaction of random changes, to the store and to @m; the latter counts only if the former returns 0. */
static inline int change(struct store *s, struct model *m, int changes, struct err *e)
{
	if (store_begin(s, e))
		return -1;
	while (changes--) {
		int key = any(N_KEYS);

		any_binding(key, &m->b[key]);
		m->there[key] = any(4);
		if (m->there[key] ? store_put(s, &m->b[key], e) : store_del(s, m->b[key].ip, e))
			return -1;
	}
	return 0;
}

#endif
