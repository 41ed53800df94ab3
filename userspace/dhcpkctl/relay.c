// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dhcpkctl/ctl.h"
#include "dhcpkctl/json.h"
#include "dhcpkctl/print.h"
#include "lib/kernel/kernel.h"
#include "lib/kernel/relay.h"

/* "dev" is not a key, but precedes the relay's name. It may be abbreviated like a key. */
static bool is_dev(const char *word)
{
	return *word && !strncmp(word, "dev", strlen(word));
}

/* Position of "dev IF" in the words, or -1 */
static int find_dev(int argc, char **argv)
{
	int i;

	for (i = 0; i + 1 < argc; i += 1 + count_values(RELAY, argc - i, argv + i)) {
		if (is_dev(argv[i]))
			return i;
	}
	return -1;
}

/*
 * Take the interface, which is the relay's name, out of the words: the first word if it is no key,
 * else the word after "dev". Without "dev", an abbreviated key may be the name; a whole key may
 * not.
 */
static const char *take_dev(int *argc, char **argv)
{
	const struct key *other;
	const char *dev;
	int i = -1, n = 2;
	bool whole;

	if (!*argc)
		return NULL;
	whole = find_key(RELAY, argv[0]) || !strcmp(argv[0], "dev") || !strcmp(argv[0], "no");
	if (whole || is_dev(argv[0]) || match_key(RELAY, argv[0], &other))
		i = find_dev(*argc, argv);
	if (i < 0) {
		if (whole)
			return NULL;
		i = 0;
		n = 1;
	}
	dev = argv[i + n - 1];
	*argc -= n;
	memmove(argv + i, argv + i + n, (*argc - i) * sizeof(*argv));
	return dev;
}

static enum status change(struct ctl *c, const char *op, int argc, char **argv)
{
	const char *dev = take_dev(&argc, argv);

	if (!dev)
		return usage_error("which relay? dev IF is missing");
	return send_words(c, op, dev, argc, argv, RELAY);
}

static enum status add(struct ctl *c, int argc, char **argv)
{
	return change(c, "relay-add", argc, argv);
}

static enum status set(struct ctl *c, int argc, char **argv)
{
	return change(c, "relay-set", argc, argv);
}

static enum status del(struct ctl *c, int argc, char **argv)
{
	const char *dev = take_dev(&argc, argv);

	if (!dev || argc)
		return usage_error("relay del wants one interface");
	return ask_change(c, request_new("relay-del", dev), NULL);
}

/* ---- JSON ---- */

static struct json_object *server_json(const struct kernel_server *s)
{
	struct json_object *o = json_object_new_object();
	int64_t boot = boot_time();
	char text[DATE_SIZE];

	set_text(o, "ip", format_ip(text, s->ip));
	json_object_object_add(o, "up", json_object_new_boolean(s->up));
	set_number(o, "sent", s->sent);
	set_number(o, "replies", s->replies);
	if (s->last)
		set_text(o, "last", wall_time(text, boot + s->last));
	if (s->unanswered_since)
		set_text(o, "silent", wall_time(text, boot + s->unanswered_since));
	return o;
}

/* Values of keys that are not set, as far as they are constant */
static void add_defaults(struct json_object *words, struct json_object *settings)
{
	static const struct {
		const char	*word, *text;
		int		number;
	} defaults[] = {
		{ "mode", "all" }, { "hops", NULL, DHCPK_HOPS_DEFAULT }, { "secs", NULL, 0 },
		{ "source-port", NULL, 67 }, { "link-selection", "auto" },
		{ "server-id-override", "off" }, { "agent-flags", "off" }, { "trusted", "off" },
		{ "policy", "keep" }, { "replies", "configured" }, { "validate", "off" },
	};
	size_t i;

	for (i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		if (defaults[i].text)
			set_text(words, defaults[i].word, defaults[i].text);
		else
			set_number(words, defaults[i].word, defaults[i].number);
	}
	if (json_object_object_get(settings, "survive"))
		set_text(words, "server-id-override", "on");
}

/* RFC 5107 section 4: an override includes the flags, whatever agent-flags says. */
static void add_flags_of_override(struct json_object *words)
{
	int on = 0;

	if (!parse_bool(text_in(words, "server-id-override"), &on) && on)
		set_text(words, "agent-flags", "on");
}

/* The daemon's settings. The kernel's values have precedence. */
static void add_words(struct json_object *row, struct json_object *settings, struct json_object *id)
{
	struct json_object *words = json_object_new_object(), *relay_id;

	if (settings)
		add_defaults(words, settings);
	add_settings(words, RELAY, settings);
	add_flags_of_override(words);
	relay_id = json_object_object_get(words, "relay-id");
	if (relay_id && id && !strcmp(json_object_get_string(relay_id), "auto"))
		json_object_object_add(words, "relay-id", json_object_get(id));
	json_object_object_del(words, "server");
	json_object_object_del(words, "giaddr");
	json_object_object_foreach(words, key, value)
		json_object_object_add(row, key, json_object_get(value));
	json_object_put(words);
}

static const char *relay_state(const struct kernel_relay *r, const struct interfaces *interfaces)
{
	const struct interface *i = find_interface(interfaces, r->dev);

	if (!r->ifindex)
		return "waiting for interface";
	if (i && *i->port_of)
		return i->port_of;
	if (i && !i->up)
		return "interface is down";
	if (!r->giaddr)
		return "waiting for address";
	return is_own_address(interfaces, r->giaddr) ? "relaying" : "giaddr is not this machine's";
}

/* @settings, @id: from the daemon, or NULL */
static struct json_object *relay_json(const struct kernel_relay *r,
				      const struct interfaces *interfaces,
				      struct json_object *settings, struct json_object *id,
				      bool stats)
{
	struct json_object *row = json_object_new_object(), *counters;
	struct json_object *servers = json_object_new_array();
	char ip[IP_SIZE];
	unsigned int i;

	set_text(row, "dev", r->dev);
	if (r->ifindex)
		set_number(row, "ifindex", r->ifindex);
	set_text(row, "state", relay_state(r, interfaces));
	if (r->giaddr)
		set_text(row, "giaddr", format_ip(ip, r->giaddr));
	for (i = 0; i < r->n_servers; i++)
		json_object_array_add(servers, server_json(&r->servers[i]));
	json_object_object_add(row, "servers", servers);
	add_words(row, settings, id);
	set_number(row, "remembered", r->remembered);
	set_number(row, "vouched", r->vouched);
	if (!stats)
		return row;
	counters = json_object_new_object();
	for (i = 1; i <= DHCPK_RELAY_STAT_MAX; i++)
		set_number(counters, relay_stat_name(i), r->count[i]);
	json_object_object_add(row, "counters", counters);
	return row;
}

/* The kernel's relays, with the daemon's settings if there are any */
static struct json_object *relay_rows(const struct ctl *c, struct json_object *said,
				      const struct kernel_relay *all, size_t n)
{
	struct json_object *model = json_object_object_get(said, "model");
	struct json_object *settings = json_object_object_get(model, "relays"), *words;
	struct json_object *id = json_object_object_get(said, "relay-id");
	struct json_object *array = json_object_new_array();
	struct interfaces *interfaces = interfaces_read();
	size_t i;

	for (i = 0; i < n; i++) {
		words = json_object_object_get(settings, all[i].dev);
		json_object_array_add(array, relay_json(&all[i], interfaces, words, id, c->stats));
	}
	interfaces_free(interfaces);
	return array;
}

static int load(struct kernel_relay **all, size_t *n, struct err *e)
{
	struct kernel *k;
	int err = kernel_open(&k, e);

	*all = NULL;
	if (err)
		return err;
	err = kernel_relays(k, all, n, e);
	kernel_close(k);
	return err;
}

enum status relays_json(const struct ctl *c, struct json_object *said, struct json_object **array)
{
	struct kernel_relay *all;
	struct err e = {};
	size_t n;
	int err = load(&all, &n, &e);

	if (!err)
		*array = relay_rows(c, said, all, n);
	free(all);
	return err ? refuse(&e) : DONE;
}

/* ---- tables ---- */

/* The age of a time, with about two significant digits. */
static char *ago(char buf[32], uint64_t boottime_ns)
{
	static const struct {
		unsigned int seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' } };
	int64_t s = (nanoseconds(CLOCK_BOOTTIME) - (int64_t)boottime_ns) / 1000000000;
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (s >= 2 * units[i].seconds)
			break;
	}
	if (i < sizeof(units) / sizeof(units[0]))
		snprintf(buf, 32, "%lld%c", (long long)s / units[i].seconds, units[i].unit);
	else
		snprintf(buf, 32, "%llds", (long long)(s > 0 ? s : 0));
	return buf;
}

/* Reduce the servers to one line of a table */
static void shorten_servers(struct json_object *row)
{
	struct json_object *servers = json_object_object_get(row, "servers");
	struct json_object *words = json_object_new_array();
	size_t i, n = json_object_array_length(servers);
	char text[32];

	for (i = 0; i < n; i++) {
		struct json_object *s = json_object_array_get_idx(servers, i);
		bool up = json_object_get_boolean(json_object_object_get(s, "up"));

		snprintf(text, sizeof(text), "%.15s%s",
			 json_object_get_string(json_object_object_get(s, "ip")),
			 up ? "" : "(down)");
		json_object_array_add(words, json_object_new_string(text));
	}
	json_object_object_add(row, "servers", words);
}

static void show_servers(const struct ctl *c, const struct kernel_relay *all, size_t n)
{
	static const char *const columns[] = {
		"dev", "server", "state", "sent", "replies", "answered", "silent", NULL,
	};
	struct json_object *array = json_object_new_array();
	const struct kernel_server *s;
	char text[32];
	size_t i;

	for (i = 0; i < n; i++) {
		for (s = all[i].servers; s < all[i].servers + all[i].n_servers; s++) {
			struct json_object *row = json_object_new_object();

			set_text(row, "dev", all[i].dev);
			set_text(row, "server", format_ip(text, s->ip));
			set_text(row, "state", s->up ? "up" : "down");
			set_number(row, "sent", s->sent);
			set_number(row, "replies", s->replies);
			set_text(row, "answered",
				 s->last ? strcat(ago(text, s->last), " ago") : "never");
			set_text(row, "silent",
				 s->unanswered_since ? ago(text, s->unanswered_since) : NULL);
			json_object_array_add(array, row);
		}
	}
	show(c, array, columns);
}

/* Counters of relayed messages, and all other counters that are not 0. */
static void show_counters(const struct ctl *c, const struct kernel_relay *all, size_t n)
{
	static const char *const columns[] = { "dev", "counter", "value", NULL };
	struct json_object *array = json_object_new_array();
	unsigned int stat;
	size_t i;

	for (i = 0; i < n; i++) {
		for (stat = 1; stat <= DHCPK_RELAY_STAT_MAX; stat++) {
			struct json_object *row;

			if (stat > DHCPK_RELAY_DOWN_OTHER && !all[i].count[stat])
				continue;
			row = json_object_new_object();
			set_text(row, "dev", all[i].dev);
			set_text(row, "counter", relay_stat_name(stat));
			set_number(row, "value", all[i].count[stat]);
			json_object_array_add(array, row);
		}
	}
	show(c, array, columns);
}

static void show_all(struct ctl *c, const struct kernel_relay *all, size_t n)
{
	const char *const columns[] = {
		"dev", "state", "servers", "mode", "giaddr", "circuit-id", "remote-id", "policy",
		"trusted", "survive", c->stats ? "remembered" : NULL, "vouched", NULL,
	};
	struct err e = {};
	struct json_object *said = get_daemon_state(c, &e), *rows = relay_rows(c, said, all, n);
	size_t i;

	if (!said)
		warn_no_daemon(&e);
	json_object_put(said);
	for (i = 0; !c->json && i < n; i++)
		shorten_servers(json_object_array_get_idx(rows, i));
	show(c, rows, columns);
	if (c->json || !c->stats || !n)
		return;
	putchar('\n');
	show_servers(c, all, n);
	putchar('\n');
	show_counters(c, all, n);
}

/* Move the relay of that name to the front. Return: 1, or 0 if there is none */
static size_t keep_only(struct kernel_relay *all, size_t n, const char *dev)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!strcmp(all[i].dev, dev)) {
			all[0] = all[i];
			return 1;
		}
	}
	return 0;
}

static enum status show_relays(struct ctl *c, int argc, char **argv)
{
	const char *dev = take_dev(&argc, argv);
	struct kernel_relay *all;
	struct err e = {};
	size_t n;
	int err;

	if (argc)
		return usage_error("relay show takes one interface, not \"%s\" besides", argv[0]);
	err = load(&all, &n, &e);
	if (!err && dev) {
		n = keep_only(all, n, dev);
		if (!n)
			err = err_set(&e, dev, "there is no relay \"%s\"", dev);
	}
	if (!err)
		show_all(c, all, n);
	free(all);
	return err ? refuse(&e) : DONE;
}

enum status relay_main(struct ctl *c, int argc, char **argv)
{
	static const struct command commands[] = {
		{ "add", add, " [dev] IF server IP[,IP]... [WORD VALUE]...", &object_kinds[RELAY],
		  "relays requests of clients on the interface to these servers; "
		  "a pool there is tried first\n"
		  "    FMT: text with %i the interface, %v its VLAN, %s the VLAN around that one, "
		  "%p the bridge's port,\n"
		  "    %m the client's hardware address, %h this machine's name, "
		  "%% a percent sign; or bytes, 0x0004000a.\n"
		  "    Text that begins with 0x needs quotes: '\"0x1\"'" },
		{ "set", set, " [dev] IF [WORD VALUE | no WORD]...\n"
		  "    sets the given words; \"no WORD\" unsets one" },
		{ "del", del, " [dev] IF" },
		{ "show", show_relays, " [[dev] IF]\n"
		  "    the relays and their servers; with -s the state of the servers, and the "
		  "counters" },
		{}
	};

	return run_object(c, "relay", commands, "show", argc, argv);
}
