// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
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
	/* Nothing is written to disk yet. */
	json_object_object_add(o, "durable", json_object_new_boolean(0));
	return o;
}

struct filter {
	struct json_object	*array;
	const char		*mac, *state, *circuit;
	uint32_t		ip;
	bool			relayed;	/* one of them has a circuit-id or remote-id */
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
	f->relayed |= lease_agent(l, 1, &len) || lease_agent(l, 2, &len);
	json_object_array_add(f->array, lease_json(l));
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
	static const char *const direct[] = {
		"pool", "ip", "mac", "hostname", "state", "starts", "expires", "client-id", NULL,
	};
	static const char *const relayed[] = {
		"pool", "ip", "mac", "hostname", "state", "starts", "expires", "client-id", "circuit-id", "remote-id", NULL,
	};
	struct filter f = { .array = NULL };
	const char *pool = NULL;
	struct kernel *k;
	struct err e = {};
	enum status status = parse_filter(argc, argv, &f, &pool);
	int err;

	if (status != DONE)
		return status;
	f.array = json_object_new_array();
	err = kernel_open(&k, &e);
	if (!err) {
		err = kernel_leases(k, pool, take, &f, &e);
		kernel_close(k);
	}
	if (err) {
		json_object_put(f.array);
		return refuse(&e);
	}
	if (!c->json)
		fputs("(kept in the kernel only: a reboot or rmmod forgets them)\n", stderr);
	return show(c, f.array, f.relayed ? relayed : direct);
}

struct holder {
	uint32_t	ip;
	char		pool[DHCPK_POOL_NAME_SIZE];
};

static void find_holder(const struct kernel_lease *l, void *arg)
{
	struct holder *h = arg;

	if (l->ip == h->ip)
		snprintf(h->pool, sizeof(h->pool), "%s", l->pool);
}

static enum status del(struct ctl *c, int argc, char **argv)
{
	const char *word = argc == 2 && !strcmp(argv[0], "ip") ? argv[1] : argc == 1 ? argv[0] : NULL;
	struct holder h = {};
	struct kernel *k;
	struct err e = {};
	int err;

	if (!word || parse_ip(word, &h.ip))
		return wrong("lease del wants an IPv4 address%s%s", word ? ", not " : "", word ? word : "");
	err = kernel_open(&k, &e);
	if (err)
		return refuse(&e);
	err = kernel_leases(k, NULL, find_holder, &h, &e);
	if (!err && !*h.pool)
		err = err_set(&e, word, "nobody has %s", word);
	if (!err)
		err = kernel_del_lease(k, h.pool, h.ip, &e);
	kernel_close(k);
	return err ? refuse(&e) : DONE;
}

enum status lease_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "show", show_leases, " [pool NAME] [mac M] [ip IP] [circuit-id C] [state S]" },
		{ "del", del, " IP\n    forgets a binding; the address is free at once, whatever its client believes" },
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
