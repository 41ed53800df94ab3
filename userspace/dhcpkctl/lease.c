// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "dhcpkctl/ctl.h"
#include "dhcpkctl/json.h"
#include "dhcpkctl/print.h"
#include "lib/kernel/kernel.h"
#include "lib/kernel/pool.h"

int64_t nanoseconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

int64_t boot_time(void)
{
	return nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_BOOTTIME);
}

char *wall_time(char buf[DATE_SIZE], int64_t ns)
{
	return format_date(buf, ns / 1000000000);
}

/* A sub-option of the relay agent option, RFC 3046 section 2 */
static void set_agent(struct json_object *o, const char *key, const struct kernel_lease *l,
		      uint8_t code)
{
	char text[3 * 255 + 2];
	const uint8_t *bytes;
	size_t len;

	bytes = lease_agent(l, code, &len);
	if (bytes)
		set_text(o, key, format_bytes(text, sizeof(text), bytes, len));
}

static const char *why_resting(const struct kernel_lease *l)
{
	return l->mac_len ? "its last client has another address" :
			    "the store does not say who its client is";
}

/* A resting address: until when, and why */
static void set_rest(struct json_object *o, const struct kernel_lease *l, const char *until)
{
	if (until)
		set_text(o, "until", until);
	set_text(o, "why", why_resting(l));
}

struct json_object *lease_client_json(const struct kernel_lease *l)
{
	struct json_object *o = json_object_new_object();
	char text[1100];

	set_text(o, "pool", l->pool);
	set_text(o, "ip", format_ip(text, l->ip));
	set_text(o, "mac", format_hex(text, sizeof(text), l->mac, l->mac_len));
	set_text(o, "also-mac", format_hex(text, sizeof(text), l->also_mac, l->also_mac_len));
	set_text(o, "client-id", format_hex(text, sizeof(text), l->client_id, l->client_id_len));
	return o;
}

struct json_object *lease_json(const struct kernel_lease *l)
{
	struct json_object *o = lease_client_json(l);
	int64_t boot = boot_time();
	uint64_t never = INT64_MAX - boot;	/* times after the year 2262 */
	char text[1100];

	set_text(o, "hostname", format_safe(text, sizeof(text), l->hostname, l->hostname_len));
	set_agent(o, "circuit-id", l, 1);
	set_agent(o, "remote-id", l, 2);
	set_text(o, "state", lease_state_name(l->state));
	/* The kernel has no number for times before the boot. */
	if (l->starts)
		set_text(o, "starts", wall_time(text, boot + l->starts));
	if (l->expires && l->expires <= never)
		set_text(o, "expires", wall_time(text, boot + l->expires));
	if (l->state == DHCPK_LEASE_RESTING)
		set_rest(o, l, l->expires <= never ? wall_time(text, boot + l->expires) : NULL);
	if (l->horizon && l->horizon <= never)
		set_text(o, "horizon", wall_time(text, boot + l->horizon));
	json_object_object_add(o, "durable",
			       json_object_new_boolean(l->state == DHCPK_LEASE_BOUND &&
						       l->horizon >= l->expires));
	return o;
}

static const char *const columns_direct[] = {
	"pool", "ip", "mac", "hostname", "state", "durable", "starts", "expires", "client-id", NULL,
};
static const char *const columns_relayed[] = {
	"pool", "ip", "mac", "hostname", "state", "durable", "starts", "expires", "client-id",
	"circuit-id", "remote-id", NULL,
};
_Static_assert(sizeof(columns_relayed) / sizeof(columns_relayed[0]) <= COLUMNS_MAX,
	       "each column has a width");

struct filter {
	struct listing		found;
	const char		*pool, *mac, *state, *circuit;
	uint8_t			mac_bytes[6];	/* if @mac is set */
	uint32_t		ip;
};

/* In the form of "lease show", or of a host: hexadecimal, or "text" in quotes. */
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
	return !parse_bytes(word, bytes, sizeof(bytes), &wanted) && wanted == len &&
	       !memcmp(bytes, circuit, len);
}

static void take_lease(const struct kernel_lease *l, void *arg)
{
	struct filter *f = arg;
	size_t len;

	if ((f->ip && f->ip != l->ip) ||
	    (f->state && strcmp(f->state, lease_state_name(l->state))) ||
	    (f->mac && (l->mac_len != sizeof(f->mac_bytes) ||
			memcmp(f->mac_bytes, l->mac, sizeof(f->mac_bytes)))))
		return;
	if (f->circuit && !is_circuit(l, f->circuit))
		return;
	if (lease_agent(l, 1, &len) || lease_agent(l, 2, &len))
		f->found.columns = columns_relayed;
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

/* Is it this word, or an abbreviation? The words differ in their first letter. */
static bool is_word(const char *word, const char *whole)
{
	return *word && !strncmp(word, whole, strlen(word));
}

static bool is_given(const struct filter *f, const char *word)
{
	return (f->pool && is_word(word, "pool")) || (f->mac && is_word(word, "mac")) ||
	       (f->ip && is_word(word, "ip")) || (f->circuit && is_word(word, "circuit-id")) ||
	       (f->state && is_word(word, "state"));
}

static enum status parse_filter(int argc, char **argv, struct filter *f)
{
	int i;

	for (i = 0; i < argc; i += 2) {
		const char *value = argv[i + 1];

		if (i + 1 >= argc)
			return usage_error("\"%s\" needs a value", argv[i]);
		if (is_given(f, argv[i]))
			return usage_error("\"%s\" is given twice", argv[i]);
		if (is_word(argv[i], "pool"))
			f->pool = value;
		else if (is_word(argv[i], "mac") && !parse_mac(value, f->mac_bytes))
			f->mac = value;
		else if (is_word(argv[i], "ip") && !parse_ip(value, &f->ip) && f->ip)
			continue;
		else if (is_word(argv[i], "circuit-id"))
			f->circuit = value;
		else if (is_word(argv[i], "state") && state_known(value))
			f->state = value;
		else
			return usage_error("cannot make sense of \"%s %s\"; known: pool NAME, "
					   "mac M, ip IP, circuit-id C, state offered|pending|"
					   "bound|expired|released|declined|resting",
					   argv[i], value);
	}
	return DONE;
}

struct named {
	const char	*name;
	bool		found;
	uint32_t	subnet;
	uint8_t		prefix;
};

static void match_pool(const struct kernel_pool *p, void *arg)
{
	struct named *n = arg;

	if (strcmp(p->name, n->name))
		return;
	n->found = true;
	n->subnet = p->subnet;
	n->prefix = p->prefix;
}

/* The kernel returns no leases for an unknown pool; but that is probably a typing error. */
static int find_pool(struct kernel *k, const char *name, struct named *n, struct err *e)
{
	int err;

	*n = (struct named){ .name = name };
	err = kernel_pools(k, match_pool, n, e);
	if (err || n->found)
		return err;
	err_set(e, name, "there is no pool \"%.60s\"", name);
	return -ENOENT;
}

/*
 * If the configuration changed during the dump, repeat it; but not if a part was printed already.
 */
static int list_leases(struct kernel *k, struct filter *f, struct err *e)
{
	int err, tries = 5;

	do {
		json_object_put(f->found.rows);
		f->found.rows = NULL;
		err = kernel_leases(k, f->pool, f->ip, take_lease, f, e);
	} while (err == -EINTR && !list_begun(&f->found) && --tries);
	return err;
}

static enum status show_leases(struct ctl *c, int argc, char **argv)
{
	struct filter f = { .found = { .c = c, .columns = columns_direct } };
	struct kernel *k;
	struct named n;
	struct err e = {};
	enum status status = parse_filter(argc, argv, &f);
	int err;

	if (status != DONE)
		return status;
	err = kernel_open(&k, &e);
	if (err)
		return refuse(&e);
	if (f.pool)
		err = find_pool(k, f.pool, &n, &e);
	if (!err)
		err = list_leases(k, &f, &e);
	kernel_close(k);
	if (!err)
		return list_end(&f.found);
	/* The list is incomplete, but must be valid JSON. */
	if (c->json && list_begun(&f.found))
		list_end(&f.found);
	json_object_put(f.found.rows);
	return refuse(&e);
}

/* An older module may return all addresses. */
static void take_holder(const struct kernel_lease *l, void *arg)
{
	struct kernel_lease *wanted = arg;

	if (l->ip == wanted->ip)
		*wanted = *l;
}

/* Find the lease of the given address; on success @k is open. */
static enum status find_lease(const char *command, int argc, char **argv, struct kernel **k,
			      struct kernel_lease *l)
{
	const char *word = argc == 1 ? argv[0] : NULL;
	struct err e = {};
	int err;

	if (argc == 2 && is_word(argv[0], "ip"))
		word = argv[1];
	if (!word || parse_ip(word, &l->ip) || !l->ip)
		return usage_error("lease %s wants an IPv4 address%s%s", command,
				   word ? ", not " : "", word ? word : "");
	err = kernel_open(k, &e);
	if (err)
		return refuse(&e);
	err = kernel_leases(*k, NULL, l->ip, take_holder, l, &e);
	if (!err && l->state == DHCPK_LEASE_FREE)
		err = err_set(&e, word, "no lease for %s", word);
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
	err = kernel_del_lease(k, *l.pool ? l.pool : NULL, l.ip, &e);
	kernel_close(k);
	return err ? refuse(&e) : DONE;
}

/* How the daemon's pool identifies clients: the value of "identity". */
static enum status identity_of(struct ctl *c, const char *pool, char identity[24])
{
	struct json_object *pools;
	enum status status = model_rows(c, POOL, &pools);
	size_t i;

	if (status != DONE)
		return status;
	snprintf(identity, 24, "client-id");
	for (i = 0; i < json_object_array_length(pools); i++) {
		struct json_object *row = json_object_array_get_idx(pools, i);
		struct json_object *word = json_object_object_get(row, "identity");

		if (word &&
		    !strcmp(json_object_get_string(json_object_object_get(row, "name")), pool))
			snprintf(identity, 24, "%s", json_object_get_string(word));
	}
	json_object_put(pools);
	return DONE;
}

/* The key for a host of this client, by the pool's identity; its value into @id */
static char *client_key(const struct kernel_lease *l, const char *identity, char *id, size_t size)
{
	static char mac[] = "mac", client_id[] = "client-id", circuit_id[] = "circuit-id";
	const uint8_t *circuit;
	size_t len;

	circuit = lease_agent(l, 1, &len);
	if (circuit && len && !strcmp(identity, circuit_id)) {
		format_hex(id, size, circuit, len);
		return circuit_id;
	}
	if (l->client_id_len && strcmp(identity, mac)) {
		format_hex(id, size, l->client_id, l->client_id_len);
		return client_id;
	}
	format_hex(id, size, l->mac, l->mac_len);
	return mac;
}

/* Give the address to the client's host. A second host would hide the options of this one. */
static enum status pin_host(struct ctl *c, struct json_object *host, char *ip)
{
	const char *name = text_in(host, "name"), *has = text_in(host, "ip");
	static char word[] = "ip";
	char *words[] = { word, ip };
	struct err e = {};

	if (!*has || !strcmp(has, ip))
		return send_words(c, "host-set", name, 2, words, HOST);
	err_set(&e, ip,
		"host \"%s\" reserves %s for this client; host set %s ip %s gives it this address",
		name, has, name, ip);
	return refuse(&e);
}

/* Add a host with the identifier that the pool's "identity" uses */
static enum status pin_client(struct ctl *c, struct kernel_lease *l, char *ip)
{
	char id[800], identity[24];
	char *words[] = { NULL, id, "ip", ip, "pool", l->pool };
	enum status status = identity_of(c, l->pool, identity);

	if (status != DONE)
		return status;
	words[0] = client_key(l, identity, id, sizeof(id));
	return host_add(c, 6, words);
}

/* Does a client have this address, in a pool? @n: the pool */
static int check_pinned(struct kernel *k, struct kernel_lease *l, char ip[IP_SIZE], struct named *n,
			struct err *e)
{
	format_ip(ip, l->ip);
	if (l->state == DHCPK_LEASE_DECLINED)
		return err_set(e, ip, "no lease for %s: it was declined, since another host uses "
			       "it (lease del %s frees it)", ip, ip);
	if (l->state == DHCPK_LEASE_RESTING)
		return err_set(e, ip,
			       "no lease for %s: it is resting, since %s (lease del %s frees it)",
			       ip, why_resting(l), ip);
	if (!*l->pool)
		return err_set(e, ip, "no pool has %s any more: there is nothing to keep it in",
			       ip);
	return find_pool(k, l->pool, n, e);
}

/* Reserve the address for its client */
static enum status pin(struct ctl *c, int argc, char **argv)
{
	struct json_object *hosts, *host;
	struct kernel_lease l = {};
	char ip[IP_SIZE];
	struct err e = {};
	struct kernel *k;
	struct named n;
	enum status status = find_lease("pin", argc, argv, &k, &l);
	int err;

	if (status != DONE)
		return status;
	err = check_pinned(k, &l, ip, &n, &e);
	kernel_close(k);
	if (err)
		return refuse(&e);
	status = model_rows(c, HOST, &hosts);
	if (status != DONE)
		return status;
	host = host_of(hosts, &l, n.subnet, n.prefix);
	status = host ? pin_host(c, host, ip) : pin_client(c, &l, ip);
	json_object_put(hosts);
	return status;
}

static enum status flush(struct ctl *c, int argc, char **argv)
{
	struct kernel *k;
	struct named n;
	struct err e = {};
	int err;

	if (argc != 2 || !is_word(argv[0], "pool"))
		return usage_error("lease flush wants pool NAME");
	err = kernel_open(&k, &e);
	if (err)
		return refuse(&e);
	err = find_pool(k, argv[1], &n, &e);
	if (!err) {
		err = kernel_del_net(k, n.subnet, n.prefix, &e);
		/* The pool exists, but has no leases. */
		err = err == -ENOENT ? 0 : err;
	}
	kernel_close(k);
	return err ? refuse(&e) : DONE;
}

enum status lease_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "show", show_leases, " [pool NAME] [mac M] [ip IP] [circuit-id C] [state S]" },
		{ "del", del, " IP\n"
		  "    deletes a lease; the address is free at once, though its client may still "
		  "use it" },
		{ "flush", flush, " pool NAME\n"
		  "    deletes all leases of a pool, though its clients may still use them" },
		{ "pin", pin, " IP\n"
		  "    reserves the address for its client, in the client's host or in a new one" },
		{}
	};

	return run_object(c, "lease", commands, "show", argc, argv);
}
