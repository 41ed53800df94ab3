// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "dhcpkctl/ctl.h"

/* The kernel counts from boot, people by the calendar: RFC 3339 in UTC. */
static char *wall_time(char *buf, size_t size, uint64_t boottime_ns)
{
	struct timespec boot, wall;
	struct tm tm;
	time_t t;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_REALTIME, &wall);
	t = (wall.tv_sec * INT64_C(1000000000) + wall.tv_nsec + (int64_t)boottime_ns -
	     (boot.tv_sec * INT64_C(1000000000) + boot.tv_nsec)) / 1000000000;
	strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
	return buf;
}

/* A sub-option of the relay's, RFC 3046 section 2 */
static void set_agent(struct json_object *o, const char *key, const struct kernel_lease *l, uint8_t code)
{
	char text[3 * 255 + 2];
	const uint8_t *bytes;
	size_t len;

	bytes = lease_agent(l, code, &len);
	if (bytes)
		set_text(o, key, format_bytes(text, sizeof(text), bytes, len));
}

struct json_object *lease_json(const struct kernel_lease *l)
{
	struct json_object *o = json_object_new_object();
	char text[1100];

	set_text(o, "pool", l->pool);
	set_text(o, "ip", format_ip(text, l->ip));
	set_text(o, "mac", format_hex(text, sizeof(text), l->mac, l->mac_len));
	set_text(o, "client-id", format_hex(text, sizeof(text), l->client_id, l->client_id_len));
	set_text(o, "hostname", format_safe(text, sizeof(text), l->hostname, l->hostname_len));
	set_agent(o, "circuit-id", l, 1);
	set_agent(o, "remote-id", l, 2);
	set_text(o, "state", lease_state_name(l->state));
	set_text(o, "starts", wall_time(text, sizeof(text), l->starts));
	if (l->expires != UINT64_MAX)
		set_text(o, "expires", wall_time(text, sizeof(text), l->expires));
	if (l->horizon && l->horizon != UINT64_MAX)
		set_text(o, "horizon", wall_time(text, sizeof(text), l->horizon));
	json_object_object_add(o, "durable", json_object_new_boolean(l->state == DHCPK_LEASE_BOUND && l->horizon >= l->expires));
	return o;
}

static const char *const direct[] = {
	"pool", "ip", "mac", "hostname", "state", "durable", "starts", "expires", "client-id", NULL,
};
static const char *const relayed[] = {
	"pool", "ip", "mac", "hostname", "state", "durable", "starts", "expires", "client-id", "circuit-id", "remote-id", NULL,
};

struct filter {
	struct listing		found;
	const char		*mac, *state, *circuit;
	uint32_t		ip;
};

/* As it is shown, or as a host has it: hexadecimal, or "text" in quotes. */
static bool is_circuit(const struct kernel_lease *l, const char *word)
{
	char shown[3 * 255 + 2];
	uint8_t bytes[255];
	size_t len, wanted;
	const uint8_t *circuit = lease_agent(l, 1, &len);

	if (!circuit)
		return false;
	if (!strcmp(word, format_bytes(shown, sizeof(shown), circuit, len)))
		return true;
	return !parse_bytes(word, bytes, sizeof(bytes), &wanted) && wanted == len && !memcmp(bytes, circuit, len);
}

static void take(const struct kernel_lease *l, void *arg)
{
	struct filter *f = arg;
	char mac[64];
	size_t len;

	if ((f->ip && f->ip != l->ip) || (f->state && strcmp(f->state, lease_state_name(l->state))) ||
	    (f->mac && strcasecmp(f->mac, format_hex(mac, sizeof(mac), l->mac, l->mac_len))))
		return;
	if (f->circuit && !is_circuit(l, f->circuit))
		return;
	if (lease_agent(l, 1, &len) || lease_agent(l, 2, &len))
		f->found.columns = relayed;
	list_row(&f->found, lease_json(l));
}

static bool state_known(const char *word)
{
	unsigned int i;

	for (i = 1; lease_state_name(i); i++) {
		if (!strcmp(lease_state_name(i), word))
			return true;
	}
	return false;
}

static enum status parse_filter(int argc, char **argv, struct filter *f, const char **pool)
{
	uint8_t mac[6];
	int i;

	for (i = 0; i < argc; i += 2) {
		const char *value = argv[i + 1];

		if (i + 1 >= argc)
			return wrong("\"%s\" needs a value", argv[i]);
		if (!strcmp(argv[i], "pool"))
			*pool = value;
		else if (!strcmp(argv[i], "mac") && !parse_mac(value, mac))
			f->mac = value;
		else if (!strcmp(argv[i], "ip") && !parse_ip(value, &f->ip))
			continue;
		else if (!strcmp(argv[i], "circuit-id"))
			f->circuit = value;
		else if (!strcmp(argv[i], "state") && state_known(value))
			f->state = value;
		else
			return wrong("cannot make sense of \"%s %s\"; known: pool NAME, mac M, ip IP, circuit-id C, state offered|"
				     "pending|bound|expired|released|declined", argv[i], value);
	}
	return DONE;
}

static enum status show_leases(struct ctl *c, int argc, char **argv)
{
	struct filter f = { .found = { .c = c, .columns = direct } };
	const char *pool = NULL;
	struct kernel *k;
	struct err e = {};
	enum status status = parse_filter(argc, argv, &f, &pool);
	int err;

	if (status != DONE)
		return status;
	err = kernel_open(&k, &e);
	if (!err) {
		err = kernel_leases(k, pool, f.ip, take, &f, &e);
		kernel_close(k);
	}
	return err ? refuse(&e) : list_end(&f.found);
}

static void find_holder(const struct kernel_lease *l, void *arg)
{
	struct kernel_lease *wanted = arg;

	if (l->ip == wanted->ip)
		*wanted = *l;
}

/* The binding of the address that the words name; @k is open afterwards, unless it is refused. */
static enum status find_lease(const char *command, int argc, char **argv, struct kernel **k, struct kernel_lease *l)
{
	const char *word = argc == 2 && !strcmp(argv[0], "ip") ? argv[1] : argc == 1 ? argv[0] : NULL;
	struct err e = {};
	int err;

	if (!word || parse_ip(word, &l->ip))
		return wrong("lease %s wants an IPv4 address%s%s", command, word ? ", not " : "", word ? word : "");
	err = kernel_open(k, &e);
	if (err)
		return refuse(&e);
	err = kernel_leases(*k, NULL, l->ip, find_holder, l, &e);
	if (!err && !*l->pool)
		err = err_set(&e, word, "nobody has %s", word);
	if (!err)
		return DONE;
	kernel_close(*k);
	return refuse(&e);
}

static enum status del(struct ctl *c, int argc, char **argv)
{
	struct kernel_lease l = {};
	struct kernel *k;
	struct err e = {};
	enum status status = find_lease("del", argc, argv, &k, &l);
	int err;

	if (status != DONE)
		return status;
	err = kernel_del_lease(k, l.pool, l.ip, &e);
	kernel_close(k);
	return err ? refuse(&e) : DONE;
}

/* A reservation for the client that has the address, by what it is known by. */
static enum status pin(struct ctl *c, int argc, char **argv)
{
	struct kernel_lease l = {};
	char id[800], ip[IP_SIZE];
	char *words[] = { "client-id", id, "ip", ip, "pool", l.pool };
	struct kernel *k;
	enum status status = find_lease("pin", argc, argv, &k, &l);

	if (status != DONE)
		return status;
	kernel_close(k);
	format_hex(id, sizeof(id), l.client_id, l.client_id_len);
	if (!l.client_id_len) {
		words[0] = "mac";
		format_hex(id, sizeof(id), l.mac, l.mac_len);
	}
	format_ip(ip, l.ip);
	return host_add(c, 6, words);
}

struct addresses {
	uint32_t	*ip;
	size_t		n, size;
};

static void take_address(const struct kernel_lease *l, void *arg)
{
	struct addresses *all = arg;

	if (all->n == all->size) {
		all->size = all->size ? 2 * all->size : 1024;
		all->ip = realloc(all->ip, all->size * sizeof(*all->ip));
		if (!all->ip)
			abort();
	}
	all->ip[all->n++] = l->ip;
}

static enum status flush(struct ctl *c, int argc, char **argv)
{
	struct addresses all = {};
	struct kernel *k;
	struct err e = {};
	size_t i;
	int err;

	if (argc != 2 || strcmp(argv[0], "pool"))
		return wrong("lease flush wants pool NAME");
	err = kernel_open(&k, &e);
	if (err)
		return refuse(&e);
	err = kernel_leases(k, argv[1], 0, take_address, &all, &e);
	/* One that has gone meanwhile is as good as flushed. */
	for (i = 0; !err && i < all.n; i++) {
		err = kernel_del_lease(k, argv[1], all.ip[i], &e);
		if (err == -ENOENT)
			err = 0;
	}
	free(all.ip);
	kernel_close(k);
	return err ? refuse(&e) : DONE;
}

enum status lease_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "show", show_leases, " [pool NAME] [mac M] [ip IP] [circuit-id C] [state S]" },
		{ "del", del, " IP\n    forgets a binding; the address is free at once, whatever its client believes" },
		{ "flush", flush, " pool NAME\n    forgets all bindings of a pool, whatever its clients believe" },
		{ "pin", pin, " IP\n    keeps the address for the client that has it: host add" },
		{}
	};

	return run_object(c, "lease", commands, "show", argc, argv);
}

static void print_event(const struct kernel_lease *l, void *arg)
{
	struct ctl *c = arg;
	char ip[IP_SIZE], mac[64], name[1100], when[32], circuit[3 * 255 + 2] = "";
	struct timespec now;
	const uint8_t *bytes;
	size_t len;

	if (c->json) {
		show_json(c, lease_json(l));
	} else {
		clock_gettime(CLOCK_BOOTTIME, &now);
		bytes = lease_agent(l, 1, &len);
		if (bytes)
			format_bytes(circuit, sizeof(circuit), bytes, len);
		printf("%s %-8s %-15s %s %s %s%s%s\n",
		       wall_time(when, sizeof(when), (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec),
		       lease_state_name(l->state), format_ip(ip, l->ip), format_hex(mac, sizeof(mac), l->mac, l->mac_len),
		       l->pool, format_safe(name, sizeof(name), l->hostname, l->hostname_len),
		       *circuit ? " circuit-id " : "", circuit);
	}
	fflush(stdout);
}

enum status monitor_main(struct ctl *c, int argc, char **argv)
{
	struct kernel *k;
	struct err e = {};

	if (argc)
		return wrong("monitor takes no \"%s\"", argv[0]);
	if (kernel_open(&k, &e))
		return refuse(&e);
	kernel_events(k, print_event, c, &e);
	kernel_close(k);
	return refuse(&e);
}
